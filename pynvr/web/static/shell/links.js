// @ts-check
/** Addresses of pages in others, of pictures and of ranges. Pure. */

/** @typedef {{from: number, to: number}} Range epoch seconds, end exclusive */
/** @typedef {"close" | "keep"} Gaps what happens to holes inside */

/**
 * The scrub page at a moment, with these cameras.
 * @param {{ cameras?: string[], time?: number, range?: { from: number, to: number } }} view times in epoch seconds;
 *   `range` is marked on the axis
 */
export function scrubAddress({ cameras = [], time, range }) {
  const query = new URLSearchParams();
  if (cameras.length > 0) query.set("cams", cameras.join(","));
  if (time !== undefined) query.set("t", rounded(time));
  if (range) {
    query.set("in", rounded(range.from));
    query.set("out", rounded(range.to));
  }
  // Commas may stand as they are, and an address is for people too.
  const text = query.toString().replaceAll("%2C", ",");
  return text ? `/scrub?${text}` : "/scrub";
}

/** @param {number} time */
const rounded = (time) => String(Math.round(time * 1000) / 1000);

/**
 * The picture shown at a moment.
 * @param {string} cameraId
 * @param {number} time epoch seconds
 * @param {{ width?: number, exact?: boolean }} [options]
 */
export function frameAddress(cameraId, time, { width = 480, exact = false } = {}) {
  return `/api/1/camera/${cameraId}/frame/${time.toFixed(3)}.jpg?width=${width}&exact=${exact ? 1 : 0}`;
}

/**
 * A range as one MP4.
 * @param {string} cameraId
 * @param {Range} range
 * @param {Gaps} [gaps]
 */
export function rangeAddress(cameraId, { from, to }, gaps = "close") {
  return `/api/1/camera/${encodeURIComponent(cameraId)}.range.${instant(from)}.to.${instant(to)}.mp4?gaps=${gaps}`;
}

/** What that MP4 would be, as JSON. @param {string} cameraId @param {Range} range @param {Gaps} [gaps] */
export function planAddress(cameraId, range, gaps = "close") {
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
