// @ts-check
/** How the pictures share the place: the chosen one large, the others beside it, as large as they can be. Pure. */

const ASPECT = 16 / 9;
/** The pictures beside never take more of the width than this. */
const MOST_BESIDE = 0.5;
/** The chosen one is the large one. */
const MOST_OF_MAIN = 0.6;
const UNEVEN = 0.6;
/** A place that is this high for its width has them one under the other. */
const STACKED_BELOW = 1.15;
const MOST_ABOVE = 0.75;

/**
 * @typedef {{width: number, height: number}} Box CSS pixels
 * @typedef {{stacked: boolean, main: Box, others: (Box & {columns: number}) | null}} Arrangement `stacked`: the others
 *   stand under the large picture, not beside it
 */

/**
 * @param {{width: number, height: number, count: number, gap: number}} place `count`: of all pictures
 * @returns {Arrangement}
 */
export function arrange({ width, height, count, gap }) {
  const others = count - 1;
  if (others < 1) return { stacked: false, main: inside(width, height), others: null };
  return width < height * STACKED_BELOW ? below(width, height, others, gap) : beside(width, height, others, gap);
}

/**
 * @param {number} width
 * @param {number} height
 * @param {number} others
 * @param {number} gap
 * @returns {Arrangement}
 */
function beside(width, height, others, gap) {
  /** @type {Arrangement} */
  let best = { stacked: false, main: { width, height }, others: null };
  let most = -1;
  for (let columns = 1; columns <= Math.min(5, others); columns += 1) {
    const rows = Math.ceil(others / columns);
    const high = Math.min((height - gap * (rows - 1)) / rows, (width * MOST_BESIDE - columns * gap) / columns / ASPECT);
    // Holes in the last row look like something is missing.
    const whole = 1 - (UNEVEN * (rows * columns - others)) / (rows * columns);
    // The larger the others are, the less is left for the large one: what serves both best.
    for (let part = 0.4; part <= 1; part += 0.1) {
      const small = { columns, width: Math.floor(high * part * ASPECT), height: Math.floor(high * part) };
      const wide = width - columns * (small.width + gap);
      const main = inside(wide, height);
      if (small.width > main.width * MOST_OF_MAIN) continue;
      const score = (area(main) + 1.2 * others * area(small)) * whole;
      if (score > most) [most, best] = [score, { stacked: false, main, others: small }];
    }
  }
  return best;
}

/**
 * @param {number} width
 * @param {number} height
 * @param {number} others
 * @param {number} gap
 * @returns {Arrangement}
 */
function below(width, height, others, gap) {
  const high = Math.floor(Math.min(width / ASPECT, height * MOST_ABOVE));
  const main = { width, height: high };
  for (let columns = Math.min(2, others); ; columns += 1) {
    const rows = Math.ceil(others / columns);
    const wide = Math.floor(Math.min((width - gap * (columns - 1)) / columns, width * MOST_OF_MAIN));
    const small = { columns, width: wide, height: Math.floor(wide / ASPECT) };
    if (columns >= others || high + rows * (small.height + gap) <= height)
      return { stacked: true, main, others: small };
  }
}

/**
 * The largest picture that fits.
 * @param {number} width
 * @param {number} height
 */
function inside(width, height) {
  return { width: Math.floor(Math.min(width, height * ASPECT)), height: Math.floor(Math.min(height, width / ASPECT)) };
}

/** @param {{width: number, height: number}} box */
function area({ width, height }) {
  return Math.max(0, width) * Math.max(0, height);
}
