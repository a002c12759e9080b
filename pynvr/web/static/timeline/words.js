// @ts-check
/** Times as the axis writes them: as short as the zoom allows, and never ambiguous in the hour that comes twice. Pure. */

import { formatClock, formatDate } from "../shell/time.js";
import { causeTone } from "../shell/words.js";

/** @typedef {import("./zone.js").Zone} Zone */
/** @typedef {"minute" | "second" | "tenth" | "hundredth"} Precision */

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];

/** @type {Record<Precision, {seconds?: boolean, digits?: 0 | 1 | 2 | 3}>} */
const CLOCKS = { minute: { seconds: false }, second: {}, tenth: { digits: 1 }, hundredth: { digits: 2 } };

/**
 * Whether a gap of this cause asks for attention (and may be red).
 * @param {string} cause
 */
export function needsAttention(cause) {
  return causeTone(cause) === "alert";
}

/**
 * `14:07`, `14:07:31` or `14:07:31.24`; the second pass through an hour that comes twice says so.
 * @param {Zone} zone
 * @param {number} t
 * @param {Precision} [precision]
 */
export function clock(zone, t, precision = "second") {
  const text = formatClock(t, zone.name, CLOCKS[precision]);
  return zone.isAgain(t) ? `${text} 2nd` : text;
}

/**
 * @param {Zone} zone
 * @param {number} t
 * @param {"full" | "long" | "short" | "day"} form `Saturday 21 November 2026`, `Sat 21 Nov 2026`, `Sat 21 Nov`, `Sat 21`
 */
export function date(zone, t, form) {
  if (form === "long" || form === "short") return formatDate(t, zone.name, { year: form === "long" });
  const { year, month, day, weekday } = zone.parts(t);
  if (form === "full") return `${WEEKDAYS[weekday]} ${day} ${MONTHS[month - 1]} ${year}`;
  return `${WEEKDAYS[weekday].slice(0, 3)} ${day}`;
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
 * What an orange bar says; "" where there is none.
 * @param {number} activity 0 to 1
 * @param {string} [name] of the camera, where there are others
 */
export function activityWords(activity, name = "") {
  if (activity <= 0) return "";
  return `${name && `${name}: `}activity ${Math.round(activity * 100)} %, how much changed in the picture`;
}

/**
 * A stretch of time: `14:02–14:09`, with dates where its ends lie in different days.
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
