// @ts-check
/** The time between two days that were chosen. */

import { addDays, parseTime } from "./time.js";

/**
 * From the first day's beginning to the last one's end: the day that is named last belongs to it.
 * @param {{from: string, to: string}} days as date inputs have them; empty: no bound
 * @param {string} timezone
 * @param {number} now
 * @returns {{from: number | null, to: number | null}}
 */
export function periodOf({ from, to }, timezone, now) {
  return { from: startOf(from, 0), to: startOf(to, 1) };

  /** @param {string} day @param {number} days to add */
  function startOf(day, days) {
    const start = day ? parseTime(day, timezone, now) : null;
    return start === null ? null : addDays(start, timezone, days);
  }
}
