// @ts-check
/**
 * A row's pixels: what each column stands on, and its bar of activity. Pure.
 *
 * Thousands of bars a frame are too many shapes for a canvas (16 rows of 1,500 bars: 20 to 33 ms as rectangles or
 * paths), but few pixels (2 ms).
 */

import { fillColumns, joinedGaps, LEAST, recorded, runs } from "./columns.js";
import { FULL } from "./tiles.js";

/** @typedef {import("./tiles.js").Piece} Piece */
/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {{loading: number, empty: number, recorded: number, bar: number, dim: number}} Inks pixels as `ink` makes them */

/** Below this share of full activity a bar is dim: noise is there to be seen, not to be looked at. */
const DIM = FULL * 0.25;
/** Of many seconds in a pixel the highest is shown, which lifts noise too: peaks are set off from it. */
const STEEP = 1.35;
/** Free above the highest bar, as a share of the row. */
const HEADROOM = 0.1;

/** One for all rows: no memory is asked for while drawing. */
let columns = new Uint8Array(0);
let ground = new Uint32Array(0);
let bars = new Uint32Array(0);
let tops = new Uint16Array(0);

/**
 * @param {Uint32Array} pixels is filled, `width` × `height`
 * @param {number} width device pixels
 * @param {number} height
 * @param {Scale} scale in device pixels, its left at 0
 * @param {Piece[]} pieces
 * @param {Inks} inks
 * @param {number} [now]
 */
export function paintRow(pixels, width, height, scale, pieces, inks, now) {
  if (columns.length !== width) {
    columns = new Uint8Array(width);
    ground = new Uint32Array(width);
    bars = new Uint32Array(width);
    tops = new Uint16Array(width);
  }
  ground.fill(inks.loading);
  for (const { from, to, tile } of pieces) {
    if (tile) fillGround(scale, from, Math.min(to, tile.known), inks.empty);
  }
  // Before the first word about a camera there is nothing to be missed.
  for (const [start, end, cause] of joinedGaps(pieces)) if (cause === "unknown") fillGround(scale, start, end, inks.loading);
  for (const [start, end] of runs(recorded(pieces, now), scale, 0, width)) ground.fill(inks.recorded, start, end);
  fillColumns(pieces, scale, columns);
  const most = height * (1 - HEADROOM);
  for (let x = 0; x < width; x++) {
    const value = columns[x];
    // A bar that stands on nothing would say that something was seen.
    const bar = value < LEAST || ground[x] !== inks.recorded ? 0 : Math.max(1, Math.round((value / FULL) ** STEEP * most));
    tops[x] = height - bar;
    bars[x] = value < DIM ? inks.dim : inks.bar;
  }
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) pixels[at] = y < tops[x] ? ground[x] : bars[x];
  }
}

/**
 * @param {Scale} scale
 * @param {number} from
 * @param {number} to
 * @param {number} colour
 */
function fillGround(scale, from, to, colour) {
  ground.fill(colour, Math.max(0, Math.round(scale.x(from))), Math.max(0, Math.round(scale.x(to))));
}

/**
 * An opaque colour as a pixel of image data.
 * @param {[number, number, number]} colour
 */
export function ink([red, green, blue]) {
  // Image data is bytes in the order red, green, blue, alpha; all machines that browsers run on are little-endian.
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/**
 * @param {[number, number, number]} over
 * @param {[number, number, number]} under
 * @param {number} opacity
 * @returns {[number, number, number]}
 */
export function blended(over, under, opacity) {
  return /** @type {[number, number, number]} */ (over.map((value, index) => (
    Math.round(value * opacity + under[index] * (1 - opacity)))));
}

/**
 * @param {string} colour as computed style has it: `rgb(1, 2, 3)` or `rgba(…)`
 * @returns {[number, number, number]}
 */
export function channels(colour) {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [Math.round(red), Math.round(green), Math.round(blue)];
}
