// @ts-check
/**
 * Instants as people read and write them, in the configured zone. An instant is epoch seconds (UTC) as a number; a zone
 * an IANA name such as "Europe/Berlin". Pure: nothing here touches the page.
 */

import { DAY, HOUR, MINUTE, MONTHS, WEEKDAYS, addDays, fromParts, partsOf, startOfDay } from "./zone.js";

export { DAY, HOUR, MINUTE, addDays, fromParts, partsOf, startOfDay, zoneOffset } from "./zone.js";
export { countedFrom, isClock, parseTime } from "./read_time.js";

/** @param {number} value @param {number} [width] */
const padded = (value, width = 2) => String(value).padStart(width, "0");

/**
 * `14:07:31`, with `seconds: false` `14:07`, with `digits: 3` `14:07:31.240`.
 * @param {number} t
 * @param {string} zone
 * @param {{ seconds?: boolean, digits?: 0 | 1 | 2 | 3 }} [options]
 */
export function formatClock(t, zone, { seconds = true, digits = 0 } = {}) {
  const { hour, minute, second, millisecond } = partsOf(t, zone);
  const clock = `${padded(hour)}:${padded(minute)}`;
  if (!seconds) return clock;
  const fraction = digits > 0 ? `.${padded(millisecond, 3).slice(0, digits)}` : "";
  return `${clock}:${padded(second)}${fraction}`;
}

/**
 * `Sat 21 Nov 2026`; the parts that are switched off are left out.
 * @param {number} t
 * @param {string} zone
 * @param {{ weekday?: boolean, year?: boolean }} [options]
 */
export function formatDate(t, zone, { weekday = true, year = true } = {}) {
  const parts = partsOf(t, zone);
  const date = `${parts.day} ${MONTHS[parts.month - 1]}`;
  return (weekday ? `${WEEKDAYS[parts.weekday]} ` : "") + date + (year ? ` ${parts.year}` : "");
}

/**
 * The moment, as short as it can be told from others: `14:02` today, `yesterday 14:02`, `Sat 14 Nov 14:02`, and with the
 * year where it is another one.
 * @param {number} t
 * @param {string} zone
 * @param {number} [now]
 * @param {{ seconds?: boolean }} [options]
 */
export function formatMoment(t, zone, now = Date.now() / 1000, { seconds = false } = {}) {
  const clock = formatClock(t, zone, { seconds });
  const today = startOfDay(now, zone);
  const day = startOfDay(t, zone);
  if (day === today) return clock;
  if (day === addDays(today, zone, -1)) return `yesterday ${clock}`;
  return `${formatDay(t, zone, now)} ${clock}`;
}

/**
 * `Sat 21 Nov`, with the year where it is another one than now.
 * @param {number} t
 * @param {string} zone
 * @param {number} now
 */
export function formatDay(t, zone, now) {
  return formatDate(t, zone, { year: partsOf(t, zone).year !== partsOf(now, zone).year });
}

/**
 * A length in the two largest units that matter: `4 min 32 s`, `3 h 5 min`, `2 days 4 h`, `0.4 s`.
 * @param {number} seconds
 */
export function formatDuration(seconds) {
  const length = Math.abs(seconds);
  if (length < 1) return `${Math.round(length * 10) / 10} s`;
  const whole = Math.round(length);
  /** @type {[number, string, number, string][]} */
  const pairs = [
    [DAY, "day", HOUR, "h"],
    [HOUR, "h", MINUTE, "min"],
    [MINUTE, "min", 1, "s"],
  ];
  for (const [large, name, small, rest] of pairs) {
    // Rounded first, so that 23 h 59 min 50 s is a day and not 24 hours.
    const rounded = Math.round(whole / small) * small;
    if (rounded < large) continue;
    const count = Math.floor(rounded / large);
    const left = (rounded - count * large) / small;
    const unit = name === "day" && count !== 1 ? "days" : name;
    return left > 0 ? `${count} ${unit} ${left} ${rest}` : `${count} ${unit}`;
  }
  return `${whole} s`;
}

/**
 * The name that a segment starting here has: `YYYYMMDD.HHMM`, with seconds where they aren't 0, with `b` in the second
 * pass through an hour that comes twice.
 * @param {number} t
 * @param {string} zone
 */
export function stampOf(t, zone) {
  const parts = partsOf(Math.floor(t), zone);
  const date = `${padded(parts.year, 4)}${padded(parts.month)}${padded(parts.day)}`;
  const clock = `${padded(parts.hour)}${padded(parts.minute)}${parts.second ? padded(parts.second) : ""}`;
  const second = fromParts({ ...parts, millisecond: 0 }, zone) !== Math.floor(t);
  return `${date}.${clock}${second ? "b" : ""}`;
}
