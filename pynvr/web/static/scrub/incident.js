// @ts-check
/** What is reported as an incident: the moment on the page, with the marked range around it. Pure. */

/**
 * @typedef {import("./take_away.js").Range} Range
 * @typedef {{time: number, before: number | null, after: number | null}} Moment `before`, `after`: seconds, null = as its camera
 *   has it
 */

/**
 * The moment where it stands within the marked range; else the range's beginning.
 * @param {number} time epoch seconds
 * @param {Range | null} range
 * @returns {Moment}
 */
export function incidentMoment(time, range) {
  if (range === null) return { time, before: null, after: null };
  const at = time >= range.from && time <= range.to ? time : range.from;
  return { time: at, before: tenths(at - range.from), after: tenths(range.to - at) };
}

/** Never less than what is marked. @param {number} seconds */
const tenths = (seconds) => Math.max(0, Math.ceil(seconds * 10 - 1e-6)) / 10;
