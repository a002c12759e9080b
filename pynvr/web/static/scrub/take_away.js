// @ts-check
/** A marked range as an address to download, and what it will be. Pure. */

/** @typedef {{from: number, to: number}} Range epoch seconds, end exclusive */
/** @typedef {"close" | "keep"} Gaps what happens to holes inside */

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
 * @param {string} cameraId
 * @param {Range} range
 * @param {Gaps} gaps
 */
export function rangeAddress(cameraId, { from, to }, gaps) {
  return `/api/1/camera/${encodeURIComponent(cameraId)}.range.${instant(from)}.to.${instant(to)}.mp4?gaps=${gaps}`;
}

/** @param {string} cameraId @param {Range} range @param {Gaps} gaps */
export function planAddress(cameraId, range, gaps) {
  return `${rangeAddress(cameraId, range, gaps)}&plan=1`;
}

/**
 * Several cameras' range as one ZIP.
 * @param {readonly string[]} cameraIds
 * @param {Range} range
 * @param {Gaps} gaps
 */
export function zipAddress(cameraIds, { from, to }, gaps) {
  const ids = cameraIds.map(encodeURIComponent).join(",");
  return `/api/1/range.zip?camera_ids=${ids}&from=${instant(from)}&to=${instant(to)}&gaps=${gaps}`;
}

/** Microseconds are what the archive tells apart. @param {number} time */
function instant(time) {
  return time.toFixed(6).replace(/\.?0+$/, "");
}
