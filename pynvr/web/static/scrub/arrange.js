// @ts-check
/** How the pictures share the place: the chosen one large, the others beside it, as large as they can be. Pure. */

const ASPECT = 16 / 9;
/** The pictures beside never take more of the width than this. */
const MOST_BESIDE = 0.5;

/** @typedef {{columns: number, rows: number, width: number, height: number}} Beside of one picture beside, CSS pixels */

/**
 * @param {{width: number, height: number, count: number, gap: number}} place `count`: of all pictures
 * @returns {Beside | null} null: nothing is beside
 */
export function arrange({ width, height, count, gap }) {
  const others = count - 1;
  if (others < 1) return null;
  /** @type {(Beside & {score: number}) | null} */
  let best = null;
  for (let columns = 1; columns <= Math.min(5, others); columns += 1) {
    const rows = Math.ceil(others / columns);
    const room = width * MOST_BESIDE - columns * gap;
    const high = (height - gap * (rows - 1)) / rows;
    const wide = Math.min(high * ASPECT, room / columns);
    // No smaller than they need to be to fill what the large picture leaves over.
    const left = width - Math.min(height * ASPECT, width) - columns * gap;
    const own = Math.max(wide, Math.min(left / columns, room / columns));
    const beside = columns * (own + gap);
    const large = fitted(width - beside, height);
    const small = fitted(own, high);
    const score = large + 1.2 * others * small;
    if (best === null || score > best.score) best = { columns, rows, width: own, height: high, score };
  }
  if (best === null) return null;
  const { columns, rows, width: wide, height: high } = best;
  return { columns, rows, width: Math.floor(wide), height: Math.floor(high) };
}

/** The area of a picture in a box. @param {number} width @param {number} height */
function fitted(width, height) {
  const wide = Math.max(0, Math.min(width, height * ASPECT));
  return (wide * wide) / ASPECT;
}
