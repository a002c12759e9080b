// @ts-check
/** Times and causes in the words of a person. Pure. */

import { pad } from "./zone.js";

/** @typedef {import("./zone.js").Zone} Zone */

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];

/** What a cause (`pynvr.model.cause.Cause`) is called on the pages. */
const CAUSES = new Map([
  ["starting", "connecting"],
  ["unreachable", "camera unreachable"],
  ["refused", "camera refused the connection"],
  ["stalled", "camera sent no video"],
  ["unusable", "video couldn’t be recorded"],
  ["disk full", "disk full"],
  ["disk missing", "disk missing"],
  ["disabled", "recording off"],
  ["schedule", "off by schedule"],
  ["PyNVR not running", "PyNVR not running"],
  ["fault in PyNVR", "fault in PyNVR"],
  ["deleted by retention", "deleted to make room"],
  ["unknown", "nothing known"],
]);

/** Nobody has to look after these: they were wanted, or lie before the first word about the camera. */
const EXPECTED = new Set(["disabled", "schedule", "deleted by retention", "unknown", "starting", "recorded"]);

/** @param {string} cause */
export function causeWords(cause) {
  return CAUSES.get(cause) ?? cause;
}

/**
 * Whether a gap of this cause asks for attention (and may be red).
 * @param {string} cause
 */
export function needsAttention(cause) {
  return !EXPECTED.has(cause);
}

/**
 * `14:07`, `14:07:31` or `14:07:31.24`, as many places as asked for; the second pass of a repeated hour says so.
 * @param {Zone} zone
 * @param {number} t
 * @param {"minute" | "second" | "tenth" | "hundredth"} [precision]
 */
export function clock(zone, t, precision = "second") {
  const places = precision === "hundredth" ? 2 : precision === "tenth" ? 1 : 0;
  // Cut, not rounded (a clock doesn't show a second that hasn't begun); the nudge is for binary fractions.
  const cut = Math.floor(t * 10 ** places + 1e-4) / 10 ** places;
  const local = zone.local(cut);
  let text = `${pad(local.hour)}:${pad(local.minute)}`;
  if (precision !== "minute") text += `:${pad(local.second)}`;
  if (places) text += `.${pad(Math.min(10 ** places - 1, Math.round(local.fraction * 10 ** places)), places)}`;
  return local.again ? `${text} 2nd` : text;
}

/**
 * @param {Zone} zone
 * @param {number} t
 * @param {"full" | "long" | "short" | "day"} form `Saturday 21 November 2026`, `Sat 21 Nov 2026`, `Sat 21 Nov`, `Sat 21`
 */
export function date(zone, t, form) {
  const { year, month, day, weekday } = zone.local(t);
  if (form === "full") return `${WEEKDAYS[weekday]} ${day} ${MONTHS[month - 1]} ${year}`;
  const short = `${WEEKDAYS[weekday].slice(0, 3)} ${day}`;
  if (form === "day") return short;
  return form === "short" ? `${short} ${monthShort(month)}` : `${short} ${monthShort(month)} ${year}`;
}

/** @param {number} month 1 to 12 */
export function monthName(month) {
  return MONTHS[month - 1];
}

/** @param {number} month 1 to 12 */
export function monthShort(month) {
  return MONTHS[month - 1].slice(0, 3);
}

/**
 * `8 s`, `4 min 32 s`, `3 h 5 min`, `2 days 4 h`.
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return joined(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(whole / 60);
  if (minutes < 1440) return joined(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(whole / 3600);
  const days = Math.floor(hours / 24);
  return joined(days, days === 1 ? "day" : "days", hours % 24, "h");
}

/**
 * @param {number} large
 * @param {string} largeUnit
 * @param {number} small
 * @param {string} smallUnit
 */
function joined(large, largeUnit, small, smallUnit) {
  return small ? `${large} ${largeUnit} ${small} ${smallUnit}` : `${large} ${largeUnit}`;
}

/**
 * A stretch of time: `14:02–14:09`, with the date where it isn't the same day's.
 * @param {Zone} zone
 * @param {number} from
 * @param {number} to
 */
export function stretch(zone, from, to) {
  const precision = to - from < 600 ? "second" : "minute";
  const start = clock(zone, from, precision);
  const end = clock(zone, to, precision);
  if (zone.startOfDay(from) === zone.startOfDay(to)) return `${start}–${end}`;
  return `${date(zone, from, "short")} ${start} – ${date(zone, to, "short")} ${end}`;
}
