// @ts-check
/** The range that marks make. Pure. */

/**
 * @typedef {import("../shell/links.js").Range} Range
 * @typedef {import("../shell/links.js").Gaps} Gaps
 */

/** What a mark without its other end takes with it. */
const USUAL_S = 30;

/**
 * The range between two marks; a single one is given the other end.
 * @param {number | null} markIn
 * @param {number | null} markOut
 * @returns {Range | null}
 */
export function rangeOf(markIn, markOut) {
  if (markIn === null && markOut === null) return null;
  const from = markIn ?? /** @type {number} */ (markOut) - USUAL_S;
  const to = markOut ?? /** @type {number} */ (markIn) + USUAL_S;
  return from < to ? { from, to } : { from: to, to: from };
}

/**
 * The marks after one was set; one that lies on the wrong side of the other takes it along.
 * @param {{markIn: number | null, markOut: number | null}} marks
 * @param {"in" | "out"} which
 * @param {number} time
 */
export function marked({ markIn, markOut }, which, time) {
  if (which === "in") return { markIn: time, markOut: markOut !== null && markOut > time ? markOut : null };
  return { markIn: markIn !== null && markIn < time ? markIn : null, markOut: time };
}

/**
 * What is said of the end that another mark took along; "" if none was.
 * @param {{markIn: number | null, markOut: number | null}} before
 * @param {{markIn: number | null, markOut: number | null}} after
 */
export function lostMark(before, after) {
  if (before.markIn !== null && after.markIn === null) return "In wasn't before this Out: mark In anew.";
  if (before.markOut !== null && after.markOut === null) return "Out wasn't after this In: mark Out anew.";
  return "";
}
