// @ts-check
/** How much of each day was recorded: what the cells of the table say. Pure. */

import { formatDuration } from "../shell/time.js";
import { causeKind, gapName, NOT_RUNNING, WAS_STOPPED } from "../shell/words.js";

/**
 * @typedef {object} Day of /api/1/coverage?by=day
 * @property {string} day YYYYMMDD
 * @property {number} start epoch seconds
 * @property {number} end
 * @property {Record<string, number>} sums seconds by cause
 * @property {number} stopped of them, seconds for which PyNVR was stopped in order
 */

/**
 * @typedef {object} Cell
 * @property {string} words in the cell
 * @property {string} told all of it, for who asks
 * @property {number} share of what was to be recorded, 0 to 1; 0 where nothing was
 * @property {"full" | "part" | "none" | "stopped" | "quiet"} kind stopped: nothing was lost but while somebody had stopped PyNVR;
 *   quiet: nothing was to be recorded
 */

/** What was lost in these is nobody's fault, and no part of what was to be recorded. */
const QUIET = new Set(["off", "deleted", "unknown"]);
/** A camera needs some seconds to start; a day with no more missing is whole. */
const FORGIVEN_S = 5;

/**
 * Sums in which the time that PyNVR was stopped in order has a cause of its own: what ended it otherwise is a fault.
 * @param {{ sums: Record<string, number>, stopped: number }} summed
 * @returns {Record<string, number>}
 */
export function stopsApart({ sums, stopped }) {
  return stopped > 0 ? { ...sums, [NOT_RUNNING]: (sums[NOT_RUNNING] ?? 0) - stopped, [WAS_STOPPED]: stopped } : sums;
}

/**
 * @param {Record<string, number>} sums seconds by cause, as `stopsApart` has them
 * @returns {Cell}
 */
export function cellOf(sums) {
  const recorded = sums.recorded ?? 0;
  const isStopped = (sums[WAS_STOPPED] ?? 0) > FORGIVEN_S;
  const missing = Object.entries(sums)
    .filter(([cause, seconds]) => cause !== "recorded" && seconds >= 1)
    .sort((a, b) => b[1] - a[1]);
  const lost = missing.filter(([cause]) => !QUIET.has(causeKind(cause))).reduce((sum, [, seconds]) => sum + seconds, 0);
  const reasons = missing.map(([cause, seconds]) => `${gapName(cause)} ${formatDuration(seconds)}`);
  const told = [recorded > 0 ? `recorded ${formatDuration(recorded)}` : "nothing recorded", ...reasons].join("; ");
  if (lost <= FORGIVEN_S && isStopped) {
    const all = recorded > 0 ? 1 : 0;
    return { words: all ? percent(all) : "–", told, share: all, kind: "stopped" };
  }
  if (lost <= FORGIVEN_S) {
    if (recorded > 0) return { words: "", told, share: 1, kind: "full" };
    return { words: missing.some(([cause]) => causeKind(cause) === "deleted") ? "deleted" : "–", told, share: 0, kind: "quiet" };
  }
  const share = recorded / (recorded + lost);
  return { words: percent(share), told, share, kind: recorded > 0 ? "part" : "none" };
}

/**
 * Never 100 % while something is missing, never 0 % while something is there.
 * @param {number} share
 */
export function percent(share) {
  const value = share * 100;
  if (value > 99 && value < 100) return `${Math.min(99.9, Math.floor(value * 10) / 10)}%`;
  if (value > 0 && value < 1) return "<1%";
  return `${Math.round(value)}%`;
}

/**
 * The causes of a period over all cameras, longest first, without what was recorded.
 * @param {Record<string, number>[]} sums of each camera
 * @returns {[string, number][]} cause, seconds
 */
export function causesOf(sums) {
  /** @type {Record<string, number>} */
  const total = {};
  for (const one of sums) {
    for (const [cause, seconds] of Object.entries(one)) {
      // What nobody knows anything about lies before the camera was there.
      if (!["recorded", "unknown"].includes(cause) && seconds >= 1) total[cause] = (total[cause] ?? 0) + seconds;
    }
  }
  return Object.entries(total).sort((a, b) => b[1] - a[1]);
}
