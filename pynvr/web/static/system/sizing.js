// @ts-check
/** How long a disk lasts, and how large one has to be. Pure; sizes in bytes, rates in Mbit/s. */

import { DAY } from "../shell/time.js";
import { counted, formatBytes, formatRate, formatReach } from "../shell/words.js";

/**
 * @typedef {object} Load
 * @property {number} cameras
 * @property {number} mbps of each camera while it is recorded
 * @property {number} hours recorded a day
 */

/** What 64 cameras of 1080p30 at 4 Mbit/s took on two shared cores: docs/benchmarks.md; the rest with the web process. */
const CORES_PER_CAMERA = 0.012;
const MEMORY_PER_CAMERA = 7.3e6;
const MEMORY_OF_THE_REST = 125e6;
const WHOLE_DAY_H = 23.5;

/** @param {Load} load */
export function bytesPerDay({ cameras, mbps, hours }) {
  return (cameras * mbps * 1e6 * hours * 3600) / 8;
}

/**
 * How far back recordings reach in this room.
 * @param {number} room
 * @param {Load} load
 * @returns {number | null} null: nothing is written, so there is no end
 */
export function daysIn(room, load) {
  const daily = bytesPerDay(load);
  return daily > 0 ? room / daily : null;
}

/** @param {number} days @param {Load} load */
export function roomFor(days, load) {
  return days * bytesPerDay(load);
}

/**
 * @typedef {object} Measured
 * @property {{ folder: string, room: number, cameras: string[], bytes_per_day: number, recorded_always: boolean }[]} disks of /api/system
 * @property {{ id: string, enabled?: boolean, kbps?: number, cause?: string }[]} cameras of /api/cameras
 */

/**
 * What this machine does; of one disk, or of all with "". What is written a day and the room are those of the
 * forecast beside each disk, so that both say the same days.
 * @param {Measured} measured
 * @param {string} [folder]
 * @returns {{ load: Load, room: number }}
 */
export function asMeasured({ disks, cameras }, folder = "") {
  const chosen = disks.filter((disk) => folder === "" || disk.folder === folder);
  const ids = new Set(chosen.flatMap((disk) => disk.cameras));
  const recorded = cameras.filter(({ id, enabled }) => ids.has(id) && enabled !== false);
  const rates = recorded.filter(({ cause, kbps }) => !cause && kbps).map(({ kbps }) => (kbps ?? 0) / 1000);
  const daily = chosen.reduce((sum, disk) => sum + disk.bytes_per_day, 0);
  const count = Math.max(1, recorded.length);
  const wholeDay = (daily * 8) / (count * DAY * 1e6);
  const sent = rates.length > 0 ? rates.reduce((sum, rate) => sum + rate, 0) / rates.length : wholeDay || 4;
  // By schedule or motion less is written than is sent; else what is sent just now tells nothing of the hours.
  const share = daily > 0 && !chosen.every((disk) => disk.recorded_always) ? (wholeDay / sent) * 24 : 24;
  const hours = share >= WHOLE_DAY_H ? 24 : Math.max(0.1, rounded(share, 1));
  return {
    load: { cameras: count, mbps: daily > 0 ? (wholeDay * 24) / hours : sent, hours },
    room: chosen.reduce((sum, disk) => sum + disk.room, 0),
  };
}

/**
 * What is said under the fields.
 * @param {Load} load
 * @param {number} room
 * @returns {string[]} sentences
 */
export function sizingWords(load, room) {
  const days = daysIn(room, load);
  if (days === null) return ["Nothing is written, so nothing fills up."];
  const daily = bytesPerDay(load);
  const when = load.hours < 24 ? ` during ${rounded(load.hours, 1)} hours a day` : "";
  const memory = MEMORY_OF_THE_REST + load.cameras * MEMORY_PER_CAMERA;
  const cores = load.cameras * CORES_PER_CAMERA;
  return [
    `${formatBytes(room)} hold ${daysWords(days)} of ${counted(load.cameras, "camera")}.`,
    `${formatBytes(daily)} are written a day, ${formatRate(load.cameras * load.mbps * 1000)}${when}.`,
    `To record that takes about ${formatBytes(memory)} of memory and ${cores < 0.1 ? "less than a tenth of a core" : `${rounded(cores, 1)} cores`} (reckoned from 64 cameras that were measured); open pages, searches, detection and re-encoding come on top.`,
  ];
}

/** Days that room was made for are whole, but for the last digit. */
const DIGIT = 1e-6;

/** @param {number} days */
export function daysWords(days) {
  return formatReach(days + DIGIT);
}

/** The same days for a field, as exactly as they are said. @param {number} days */
export function daysFigure(days) {
  if (days >= 10) return Math.floor(days + DIGIT);
  return Math.floor((days + DIGIT) * 10) / 10 || days;
}

/**
 * A number that a person typed, with a point or a comma.
 * @param {string} text
 * @param {number} most
 * @param {{isWhole?: boolean}} [options]
 * @returns {number | null} null if it is none above 0 and up to `most`, or not whole where it has to be
 */
export function readNumber(text, most, { isWhole = false } = {}) {
  const plain = text.trim().replace(",", ".");
  if (!/^\d+(\.\d*)?$|^\.\d+$/.test(plain)) return null;
  const value = Number(plain);
  return value > 0 && value <= most && !(isWhole && value % 1 > 0) ? value : null;
}

/** @param {number} value @param {number} digits */
export function rounded(value, digits) {
  return Number(value.toFixed(digits));
}

/**
 * A figure for a field: three digits that count, none behind the point from 100 on.
 * @param {number} value
 */
export function figure(value) {
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
