// @ts-check
/** How a camera is, in the words of a person. Pure. */

import { DAY, HOUR, formatDuration, formatMoment } from "../shell/time.js";
import { causeTone, causeWords, codecName, counted, formatBytes, formatFps, formatRate, formatReach } from "../shell/words.js";

/** Seconds: the way through the network varies by as much. */
const LEAST_OFFSET = 0.02;

/**
 * @typedef {object} Camera an item of /api/cameras, as far as it is looked at here
 * @property {string} id
 * @property {string} name
 * @property {string} [description]
 * @property {boolean} enabled
 * @property {string} status "recording", or the cause why not
 * @property {string} [detail]
 * @property {number | null} [since] epoch seconds
 * @property {number | null} [fps] as it comes
 * @property {number | string | null} [declared_fps]
 * @property {number | null} [kbps]
 * @property {string | null} [size] such as "1280x720"
 * @property {string | null} [codec]
 * @property {string | null} [sound]
 * @property {number | null} [bytes] on disk
 * @property {number | null} [first] epoch seconds, of the oldest recording
 * @property {number | null} [last]
 * @property {number | null} [drift_ppm]
 * @property {number | null} [drift_over_s]
 * @property {number | null} [reconnects]
 */

/** @typedef {import("../shell/words.js").Tone} Tone */

/**
 * `recording since 14:02`, `camera unreachable since yesterday 23:10`, `switched off`.
 * @param {Camera} camera
 * @param {string} zone
 * @param {number} now
 * @returns {{ words: string, tone: Tone }}
 */
export function stateOf(camera, zone, now) {
  const since = camera.since ? ` since ${formatMoment(camera.since, zone, now)}` : "";
  if (isRecording(camera)) return { words: `recording${since}`, tone: "good" };
  if (camera.status === "disabled") return { words: "switched off", tone: "" };
  // What held before PyNVR stopped says nothing of now.
  if (camera.status === "PyNVR not running") return { words: "PyNVR isn't running", tone: "alert" };
  return { words: `${causeWords(camera.status)}${since}`, tone: causeTone(camera.status) };
}

/** @param {{ status: string }} camera */
export const isRecording = (camera) => camera.status === "recording";

/**
 * Whether a person has to look after it.
 * @param {{ status: string }} camera
 */
export function isTroubled(camera) {
  return !isRecording(camera) && causeTone(camera.status) === "alert";
}

/**
 * `4 cameras, 3 recording, 1 needs attention`.
 * @param {Camera[]} cameras
 */
export function summaryOf(cameras) {
  const recording = cameras.filter(isRecording).length;
  const troubled = cameras.filter(isTroubled).length;
  const said = [counted(cameras.length, "camera"), `${recording} recording`];
  if (troubled > 0) said.push(troubled === 1 ? "1 needs attention" : `${troubled} need attention`);
  return said.join(", ");
}

/**
 * What is known of a camera's video and of what is stored, in the order in which it is shown; "" = not known.
 * @param {Camera} camera
 * @param {string} zone
 * @param {number} now
 * @returns {{ id: string, title: string, words: string, warn?: boolean }[]}
 */
export function factsOf(camera, zone, now) {
  const live = isRecording(camera);
  return [
    { id: "video", title: "Video", words: [camera.codec && codecName(camera.codec), sizeWords(camera.size)].filter(Boolean).join(" ") },
    { id: "fps", title: "Frame rate", ...rateWords(live ? (camera.fps ?? 0) : 0, Number(camera.declared_fps ?? 0)) },
    { id: "kbps", title: "Bit rate", words: live && camera.kbps ? formatRate(camera.kbps) : "" },
    { id: "bytes", title: "On disk", words: camera.bytes ? formatBytes(camera.bytes) : "nothing" },
    { id: "first", title: "Back to", words: camera.first ? reachWords(camera.first, zone, now) : "nothing recorded" },
    { id: "drift", title: "Its clock", ...driftWords(live ? camera.drift_ppm : null, camera.drift_over_s) },
  ];
}

/** @param {string | null | undefined} size */
function sizeWords(size) {
  return size ? size.replace("x", " × ") : "";
}

/**
 * @param {number} real
 * @param {number} declared 0 = the camera doesn't say
 */
function rateWords(real, declared) {
  if (!real) return { words: "" };
  // A tenth is how far cameras are off their word anyway.
  if (!declared || Math.abs(real - declared) <= Math.max(1, declared / 10)) return { words: formatFps(real) };
  return { words: `${formatFps(real)}, says ${formatFps(declared)}`, warn: real < declared };
}

/** @param {number} first @param {string} zone @param {number} now */
function reachWords(first, zone, now) {
  return `${formatMoment(first, zone, now)} (${formatReach(Math.max(0, now - first) / DAY)})`;
}

/**
 * @param {number | null | undefined} ppm how much faster than ours the camera's clock runs
 * @param {number | null | undefined} over for how many seconds that was measured, 0 = not yet
 */
function driftWords(ppm, over) {
  if (ppm === null || ppm === undefined || !over) return { words: "" };
  // The way through the network varies by milliseconds: over minutes, a day's figure is mostly of that.
  if (over < HOUR) return { words: offsetWords((ppm * over) / 1e6, over) };
  const secondsADay = Math.abs(ppm) * 0.0864;
  if (secondsADay < 0.1) return { words: "keeps time" };
  const warn = secondsADay > 60;
  return { words: `${ppm > 0 ? "gains" : "loses"} ${formatDuration(secondsADay)} a day`, warn };
}

/** @param {number} offset seconds that the camera's clock gained @param {number} over in so many */
function offsetWords(offset, over) {
  const size = Math.abs(offset);
  if (size < LEAST_OFFSET) return "keeps time so far";
  const amount = size < 1 ? `${Math.round(size * 1000)} ms` : `${size.toFixed(1)} s`;
  return `${offset > 0 ? "gained" : "lost"} ${amount} in ${formatDuration(over)}`;
}
