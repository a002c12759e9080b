// @ts-check
/** Where what stands on the canvas: header, names, one row a camera, and how far the rows are scrolled. Pure. */

/** @typedef {{id: string, name: string}} Camera */
/** @typedef {{camera: Camera, top: number, height: number}} Row `top`, `height` of the band, CSS pixels, scrolled */
/**
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {number} header height of the labels' part
 * @property {number} gutter width of the names' part; 0: names stand inside the rows
 * @property {number} pitch from row to row
 * @property {Row[]} rows those that are seen
 * @property {number} scroll
 * @property {number} maxScroll
 */
/** @typedef {"header" | "names" | "rows"} Area */

const HEADER = 38;
/** A finger needs more to get hold of, and the label has to stay above it. */
const HEADER_TOUCH = 48;
const NARROW = 620;
const PITCH_LEAST = 18;
const PITCH_MOST = 56;
const PITCH_USUAL = 34;
const BOTTOM = 6;
const GUTTER_LEAST = 72;
const GUTTER_MOST = 148;

/**
 * @param {{width: number, height: number, cameras: Camera[], touch: boolean, scroll: number, nameWidth: number}} given
 *   `nameWidth`: pixels of the longest name
 * @returns {Layout}
 */
export function layout({ width, height, cameras, touch, scroll, nameWidth }) {
  const header = touch ? HEADER_TOUCH : HEADER;
  const room = Math.max(0, height - header - BOTTOM);
  const count = Math.max(1, cameras.length);
  const pitch = Math.min(PITCH_MOST, Math.max(PITCH_LEAST, room / count));
  const maxScroll = Math.max(0, Math.round(count * pitch - room));
  const offset = Math.min(maxScroll, Math.max(0, scroll));
  const between = pitch >= 28 ? 8 : pitch >= 22 ? 5 : 3;
  const rows = cameras
    .map((camera, index) => ({
      camera,
      top: Math.round(header + index * pitch - offset) + Math.floor(between / 2),
      height: Math.round(pitch) - between,
    }))
    .filter((row) => row.top + row.height > header && row.top < height);
  const gutter = width < NARROW ? 0 : Math.round(Math.min(GUTTER_MOST, Math.max(GUTTER_LEAST, nameWidth + 28)));
  return { width, height, header, gutter, pitch, rows, scroll: offset, maxScroll };
}

/**
 * The height at which rows are as high as they are best.
 * @param {number} count of cameras
 * @param {boolean} touch
 */
export function preferredHeight(count, touch) {
  return (touch ? HEADER_TOUCH : HEADER) + Math.max(1, count) * PITCH_USUAL + BOTTOM;
}

/**
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @returns {Area}
 */
export function areaAt({ header, gutter }, x, y) {
  if (y < header) return "header";
  return x < gutter ? "names" : "rows";
}

/**
 * The camera whose row is nearest; null if there is none at all.
 * @param {Layout} layout
 * @param {number} y
 * @returns {Camera | null}
 */
export function cameraAt({ rows, header }, y) {
  if (y < header) return null;
  /** @type {Row | null} */
  let best = null;
  let least = Infinity;
  for (const row of rows) {
    const away = Math.abs(y - (row.top + row.height / 2));
    if (away < least) [best, least] = [row, away];
  }
  return best?.camera ?? null;
}
