// @ts-check
/** Which moments the strip shows. Pure. */

const CELL_PX = 116;
const GAP_PX = 4;
/** The current cell stays this far from both ends, as a share of the strip. */
const EDGE_SHARE = 0.12;

/**
 * How many cells fit, and how wide each is so that they fill the strip.
 * @param {number} width CSS pixels
 * @returns {{count: number, pitch: number, cell: number}}
 */
export function cells(width) {
  const count = Math.max(1, Math.round((width + GAP_PX) / (CELL_PX + GAP_PX)));
  const pitch = (width + GAP_PX) / count;
  return { count, pitch, cell: pitch - GAP_PX };
}

/**
 * The first index of the strip. It stays as long as the current one is well inside, was clicked, or is somewhere that a
 * person has turned away from; else the current one goes into the middle.
 * @param {number | null} first as it was
 * @param {number} count
 * @param {number | null} previous the current one as it was
 * @param {number} current
 */
export function firstShown(first, count, previous, current) {
  const centred = current - Math.floor(count / 2);
  if (first === null || previous === null) return centred;
  const isSeen = (/** @type {number} */ index) => index >= first && index < first + count;
  if (current === previous) return first;
  const edge = Math.floor(count * EDGE_SHARE);
  if (current >= first + edge && current < first + count - edge) return first;
  const isStep = Math.abs(current - previous) <= 1;
  // A step is playing: into the middle at the end of the strip, but not for who looks elsewhere. A leap is a click on
  // what is seen, which must not run away from under the pointer, or goes elsewhere.
  const stays = isStep ? !isSeen(previous) : isSeen(current);
  return stays ? first : centred;
}

/**
 * Keyframes thinned so that `count` of them span about as much as the view, but all where they are rare.
 * @param {number[]} keyframes epoch seconds, in order
 * @param {number} viewSpan seconds
 * @param {number} count
 */
export function thinned(keyframes, viewSpan, count) {
  if (keyframes.length < 2) return keyframes;
  const usual = (keyframes[keyframes.length - 1] - keyframes[0]) / (keyframes.length - 1);
  const every = Math.max(1, Math.round(viewSpan / count / usual));
  return keyframes.filter((_, index) => index % every === 0);
}

/**
 * The last of the instants that isn't after `t`; -1 before the first.
 * @param {number[]} instants in order
 * @param {number} t
 */
export function indexAt(instants, t) {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (instants[middle] <= t + 1e-3) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
