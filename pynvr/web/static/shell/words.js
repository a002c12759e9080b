// @ts-check
/** Figures and states in the words of a person. Pure. */

import { DAY, formatDuration } from "./time.js";

/**
 * Sizes in units of 1000, as disks are sold: `138 MB`, `1.4 TB`.
 * @param {number} bytes
 */
export function formatBytes(bytes) {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/**
 * `850 kbit/s`, `4.2 Mbit/s`.
 * @param {number} kbps
 */
export function formatRate(kbps) {
  return kbps < 999.5 ? `${Math.round(kbps)} kbit/s` : `${(kbps / 1000).toFixed(kbps < 9950 ? 1 : 0)} Mbit/s`;
}

/**
 * `25 fps`, `12.5 fps`.
 * @param {number} fps
 */
export function formatFps(fps) {
  return `${Math.round(fps * 10) / 10} fps`;
}

/**
 * Days as one says them: `less than a day`, `1 day`, `41 days`.
 * @param {number} days
 */
export function formatDays(days) {
  if (days < 1) return "less than a day";
  const whole = Math.floor(days);
  return whole === 1 ? "1 day" : `${whole.toLocaleString("en")} days`;
}

/**
 * How far back something reaches: to the minute or hour below two days, to a tenth of a day below ten, else whole days. Never
 * more than it is.
 * @param {number} days
 */
export function formatReach(days) {
  if (days < 2) return formatDuration(days * DAY);
  return days < 10 ? `${Math.floor(days * 10) / 10} days` : formatDays(days);
}

/**
 * `1 camera`, `4 cameras`.
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** @type {Record<string, string>} */
const CODECS = {
  h264: "H.264",
  hevc: "H.265",
  mpeg4: "MPEG-4",
  opus: "Opus",
  pcm_mulaw: "G.711 µ-law",
  pcm_alaw: "G.711 A-law",
};

/** @param {string} codec libav's name */
export function codecName(codec) {
  return CODECS[codec] ?? codec.toUpperCase();
}

/** @typedef {"good" | "warn" | "alert" | ""} Tone */

/**
 * What each cause of `pynvr.model.cause` means to a person, and whether it needs one.
 * @type {Record<string, { words: string, tone: Tone, colour: string }>}
 */
const CAUSES = {
  recorded: { words: "recorded", tone: "good", colour: "recorded" },
  starting: { words: "starting", tone: "warn", colour: "waiting" },
  unreachable: { words: "camera unreachable", tone: "alert", colour: "trouble" },
  refused: { words: "camera refuses the login or the address", tone: "alert", colour: "trouble" },
  stalled: { words: "camera sends no video", tone: "alert", colour: "trouble" },
  unusable: { words: "camera's video can't be recorded", tone: "alert", colour: "trouble" },
  "disk full": { words: "disk full", tone: "alert", colour: "trouble" },
  "disk missing": { words: "disk missing or not writable", tone: "alert", colour: "trouble" },
  disabled: { words: "switched off", tone: "", colour: "off" },
  "no motion": { words: "nothing moved", tone: "", colour: "off" },
  schedule: { words: "not scheduled", tone: "", colour: "off" },
  "PyNVR not running": { words: "PyNVR wasn't running", tone: "alert", colour: "trouble" },
  "clock set forward": { words: "clock set forward", tone: "", colour: "off" },
  "fault in PyNVR": { words: "fault in PyNVR", tone: "alert", colour: "trouble" },
  "deleted by retention": { words: "deleted to make room", tone: "", colour: "deleted" },
  unknown: { words: "unknown", tone: "", colour: "unknown" },
};

/** The detail by which `pynvr.model.cause` tells that PyNVR was stopped in order. */
const STOPPED = "it was stopped";
export const NOT_RUNNING = "PyNVR not running";
export const WAS_STOPPED = "PyNVR stopped";
CAUSES[WAS_STOPPED] = { words: "PyNVR was stopped", tone: "", colour: "off" };

/**
 * The cause of a gap: somebody who stopped PyNVR wanted nothing recorded, unlike what killed it.
 * @param {string} cause
 * @param {string} detail
 */
export function gapCause(cause, detail) {
  return cause === NOT_RUNNING && detail === STOPPED ? WAS_STOPPED : cause;
}

/**
 * A cause as a person says it: `camera unreachable`.
 * @param {string} cause
 */
export function causeWords(cause) {
  return CAUSES[cause]?.words ?? cause;
}

/**
 * What time that wasn't recorded for this cause is called: nobody knows a word about a camera before its first recording.
 * @param {string} cause
 */
export function gapName(cause) {
  return cause === "unknown" ? "before the first recording" : causeWords(cause);
}

/** @param {string} cause @returns {Tone} */
export function causeTone(cause) {
  return CAUSES[cause]?.tone ?? "warn";
}

/**
 * What kind of missing it is: trouble, waiting, off, deleted, unknown, or recorded.
 * @param {string} cause
 */
export function causeKind(cause) {
  return CAUSES[cause]?.colour ?? "unknown";
}
