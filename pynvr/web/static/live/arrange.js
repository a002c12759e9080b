// @ts-check
/** How many columns show so many pictures as large as can be. Pure. */

/** Pictures are this wide for their height; a bar stands below each. */
const ASPECT = 16 / 9;
const LEAST_WIDTH = 280;

/**
 * @param {number} count
 * @param {number} width of the place, pixels
 * @param {number} height
 * @param {number} gap between two
 * @param {number} bar its height
 * @returns {{ columns: number, width: number, fits: boolean }} `width` of each picture; `fits` false: the page scrolls
 */
export function arrange(count, width, height, gap, bar) {
  let best = { columns: 1, width: 0, fits: true };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns);
    const byWidth = (width - gap * (columns - 1)) / columns;
    const byHeight = ((height - gap * (rows - 1)) / rows - bar) * ASPECT;
    const each = Math.floor(Math.min(byWidth, byHeight));
    if (each > best.width) best = { columns, width: each, fits: true };
  }
  if (best.width >= Math.min(LEAST_WIDTH, width)) return best;
  const columns = Math.max(1, Math.floor((width + gap) / (LEAST_WIDTH + gap)));
  return { columns, width: Math.floor((width - gap * (columns - 1)) / columns), fits: false };
}
