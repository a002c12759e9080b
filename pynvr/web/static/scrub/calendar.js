// @ts-check
/** A month as weeks of days, and which of them have recordings. Pure. */

/** @typedef {{year: number, month: number}} Month `month`: 1 to 12 */
/** @typedef {{stamp: string, day: number, inside: boolean, recorded: boolean}} Day `stamp`: YYYYMMDD */

/**
 * Weeks from Monday on, whole ones.
 * @param {Month} month
 * @param {ReadonlySet<string>} recorded stamps of days
 * @returns {Day[][]}
 */
export function weeksOf({ year, month }, recorded) {
  const first = new Date(Date.UTC(year, month - 1, 1));
  const before = (first.getUTCDay() + 6) % 7;
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const weeks = Math.ceil((before + days) / 7);
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 7 }, (_, weekday) => {
      const date = new Date(Date.UTC(year, month - 1, 1 - before + week * 7 + weekday));
      const stamp = date.toISOString().slice(0, 10).replaceAll("-", "");
      return { stamp, day: date.getUTCDate(), inside: date.getUTCMonth() === month - 1, recorded: recorded.has(stamp) };
    }),
  );
}

/**
 * @param {Month} month
 * @param {number} by
 * @returns {Month}
 */
export function monthBeside({ year, month }, by) {
  const date = new Date(Date.UTC(year, month - 1 + by, 1));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 };
}

/**
 * @param {string} stamp YYYYMMDD
 * @returns {{year: number, month: number, day: number}}
 */
export function readDay(stamp) {
  return { year: Number(stamp.slice(0, 4)), month: Number(stamp.slice(4, 6)), day: Number(stamp.slice(6, 8)) };
}

/** @param {{year: number, month: number, day: number}} day */
export function writeDay({ year, month, day }) {
  return `${String(year).padStart(4, "0")}${String(month).padStart(2, "0")}${String(day).padStart(2, "0")}`;
}

/**
 * The day that an arrow key leads to.
 * @param {string} stamp
 * @param {string} key as in a KeyboardEvent
 * @returns {string | null}
 */
export function dayByKey(stamp, key) {
  const { year, month, day } = readDay(stamp);
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[key];
  if (by !== undefined) return moved(Date.UTC(year, month - 1, day + by));
  if (key !== "PageUp" && key !== "PageDown") return null;
  const other = monthBeside({ year, month }, key === "PageUp" ? -1 : 1);
  const last = new Date(Date.UTC(other.year, other.month, 0)).getUTCDate();
  return writeDay({ ...other, day: Math.min(day, last) });
}

/** @param {number} ms */
function moved(ms) {
  return new Date(ms).toISOString().slice(0, 10).replaceAll("-", "");
}
