// @ts-check
/** How the pictures share the place: the chosen one large, the others beside it, as large as they can be. Pure. */

const ASPECT = 16 / 9;
/** The pictures beside never take more of the width than this. */
const MOST_BESIDE = 0.5;
/** The chosen one is the large one. */
const MOST_OF_MAIN = 0.6;
const UNEVEN = 0.9;
/** A place that is this high for its width has them one under the other. */
const STACKED_BELOW = 1.15;
const MOST_ABOVE = 0.75;

/**
 * @typedef {{width: number, height: number}} Box CSS pixels, with the bar below the picture
 * @typedef {{stacked: boolean, main: Box, others: (Box & {columns: number}) | null}} Arrangement `stacked`: the others
 *   stand under the large picture, not beside it
 */

/**
 * @param {{width: number, height: number, count: number, gap: number, bar: number}} place `count`: of all pictures; `bar`:
 *   how high the bar below each is
 * @returns {Arrangement}
 */
export function arrange({ width, height, count, gap, bar }) {
  const others = count - 1;
  if (others < 1) return { stacked: false, main: inside(width, height, bar), others: null };
  const place = width < height * STACKED_BELOW ? below : beside;
  return place(width, height, others, gap, bar);
}

/**
 * @param {number} width
 * @param {number} height
 * @param {number} others
 * @param {number} gap
 * @param {number} bar
 * @returns {Arrangement}
 */
function beside(width, height, others, gap, bar) {
  /** @type {Arrangement} */
  let best = { stacked: false, main: { width, height }, others: null };
  let most = -1;
  for (let columns = 1; columns <= Math.min(5, others); columns += 1) {
    const rows = Math.ceil(others / columns);
    const each = (height - gap * (rows - 1)) / rows - bar;
    const high = Math.min(each, (width * MOST_BESIDE - columns * gap) / columns / ASPECT);
    // Holes in the last row look like something is missing.
    const whole = 1 - (UNEVEN * (rows * columns - others)) / (rows * columns);
    // The larger the others are, the less is left for the large one: what serves both best.
    for (let part = 0.4; part <= 1; part += 0.1) {
      const small = { columns, width: Math.floor(high * part * ASPECT), height: Math.floor(high * part) + bar };
      const wide = width - columns * (small.width + gap);
      const main = inside(wide, height, bar);
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
 * @param {number} bar
 * @returns {Arrangement}
 */
function below(width, height, others, gap, bar) {
  const high = Math.floor(Math.min(width / ASPECT, height * MOST_ABOVE)) + bar;
  const main = { width, height: high };
  for (let columns = Math.min(2, others); ; columns += 1) {
    const rows = Math.ceil(others / columns);
    const wide = Math.floor(Math.min((width - gap * (columns - 1)) / columns, width * MOST_OF_MAIN));
    const small = { columns, width: wide, height: Math.floor(wide / ASPECT) + bar };
    if (columns >= others || high + rows * (small.height + gap) <= height)
      return { stacked: true, main, others: small };
  }
}

/**
 * The largest picture that fits with its bar.
 * @param {number} width
 * @param {number} height
 * @param {number} bar
 */
function inside(width, height, bar) {
  const high = Math.max(0, height - bar);
  return { width: Math.floor(Math.min(width, high * ASPECT)), height: Math.floor(Math.min(high, width / ASPECT)) + bar };
}

/** Of the picture. @param {Box} box */
function area({ width }) {
  return Math.max(0, width) ** 2 / ASPECT;
}
