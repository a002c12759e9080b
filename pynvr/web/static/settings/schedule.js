// @ts-check
/** A camera's schedule: as nvr.json has it, and as a person edits it. Pure. */

const NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const FULL = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/** @type {Record<string, number[]>} */
const GROUPS = { daily: [0, 1, 2, 3, 4, 5, 6], period: [0, 1, 2, 3, 4, 5, 6], weekdays: [0, 1, 2, 3, 4], weekends: [5, 6] };

/**
 * @typedef {object} Period
 * @property {boolean[]} days seven, from Monday
 * @property {string} from "HH:MM", or with seconds
 * @property {string} to up to "24:00"; not after `from` means over midnight
 */

/** @returns {Period} */
export function newPeriod() {
  return { days: NAMES.map(() => true), from: "22:00", to: "06:00" };
}

/**
 * @param {unknown} schedule the key's value: absent, a text, or a list of texts and objects
 * @returns {Period[] | null} null where it holds what can't be read: it isn't for this editor then
 */
export function periodsOf(schedule) {
  if (schedule === undefined || schedule === null) return [];
  const items = Array.isArray(schedule) ? schedule : [schedule];
  const periods = [];
  for (const item of items) {
    const period = typeof item === "string" ? shortPeriod(item) : longPeriod(item);
    if (period === null) return null;
    periods.push(period);
  }
  return periods;
}

/**
 * `mon-fri:08-17`: both hours are included.
 * @param {string} text
 * @returns {Period | null}
 */
function shortPeriod(text) {
  const match = /^([a-z,\s-]+):(\d\d)-(\d\d)$/.exec(text.trim().toLowerCase());
  const days = match && daysOf(match[1]);
  if (!match || !days || Number(match[2]) > 23 || Number(match[3]) > 23) return null;
  return { days, from: `${match[2]}:00`, to: `${String(Number(match[3]) + 1).padStart(2, "0")}:00` };
}

/** @param {any} item any: JSON @returns {Period | null} */
function longPeriod(item) {
  if (item === null || typeof item !== "object") return null;
  const days = daysOf(item.days ?? "daily");
  if (!days || typeof item.from !== "string" || typeof item.to !== "string") return null;
  return { days, from: item.from, to: item.to };
}

/**
 * @param {unknown} text `mon-fri`, `sat,sun`, `daily`, …, or a list of such
 * @returns {boolean[] | null}
 */
export function daysOf(text) {
  const words = Array.isArray(text) ? text : typeof text === "string" ? text.split(",") : [];
  const days = NAMES.map(() => false);
  if (words.length === 0) return null;
  for (const word of words) {
    const [first, last = first, more] = String(word).trim().toLowerCase().split("-").map((name) => name.trim());
    const group = GROUPS[String(word).trim().toLowerCase()];
    const [from, to] = [numberOf(first), numberOf(last)];
    if (!group && (from < 0 || to < 0 || more !== undefined)) return null;
    const found = group ?? Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, step) => (from + step) % 7);
    for (const day of found) days[day] = true;
  }
  return days;
}

/** @param {string} name */
function numberOf(name) {
  return Math.max(NAMES.indexOf(name), FULL.indexOf(name));
}

/**
 * `mon-fri,sun`; `daily` for all seven.
 * @param {boolean[]} days
 */
export function daysText(days) {
  if (days.every(Boolean)) return "daily";
  const runs = [];
  for (let day = 0; day < 7; day += 1) {
    if (!days[day]) continue;
    let end = day;
    while (end < 6 && days[end + 1]) end += 1;
    runs.push(end > day + 1 ? `${NAMES[day]}-${NAMES[end]}` : end > day ? `${NAMES[day]},${NAMES[end]}` : NAMES[day]);
    day = end;
  }
  return runs.join(",");
}

/**
 * What nvr.json gets.
 * @param {Period[]} periods
 */
export function scheduleOf(periods) {
  return periods.map(({ days, from, to }) => ({ days: daysText(days), from, to }));
}

/**
 * Hours a week, for whoever wonders whether it says what was meant. Periods that overlap count once.
 * @param {Period[]} periods
 */
export function hoursAWeek(periods) {
  const WEEK = 7 * 1440;
  const minutes = new Uint8Array(WEEK);
  for (const { days, from, to } of periods) {
    const [start, end] = [minuteOf(from), minuteOf(to)];
    if (start === null || end === null) return null;
    const length = end > start ? end - start : end - start + 1440;
    days.forEach((on, day) => {
      for (let step = 0; on && step < length; step += 1) minutes[(day * 1440 + start + step) % WEEK] = 1;
    });
  }
  return minutes.reduce((sum, minute) => sum + minute, 0) / 60;
}

/** @param {string} text */
function minuteOf(text) {
  const match = /^(\d\d):([0-5]\d)(?::[0-5]\d)?$/.exec(text);
  const minute = match ? Number(match[1]) * 60 + Number(match[2]) : NaN;
  return minute <= 1440 ? minute : null;
}
