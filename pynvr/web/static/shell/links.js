// @ts-check
/** Addresses of one page in another. Pure. */

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
