// @ts-check
/** Where the hover card stands and how large its pictures are. Pure. */

const MARGIN = 6;
const AWAY = 8;
/** Above a finger stands its time first. */
const AWAY_TOUCH = 50;

/**
 * @param {number} cameras
 * @param {number} room CSS pixels of the page's width
 * @returns {{columns: number, width: number}} `width`: of a picture
 */
export function grid(cameras, room) {
  const columns = Math.min(cameras, cameras <= 1 ? 1 : cameras <= 4 ? 2 : cameras <= 9 ? 3 : 4);
  const width = columns === 1 ? 260 : columns === 2 ? 190 : columns === 3 ? 150 : 124;
  return { columns, width: Math.min(width, Math.floor((room - 4 * MARGIN) / Math.max(1, columns))) };
}

/**
 * Above the axis, so that nothing of it is covered; below it where there is no room above.
 * @param {{width: number, height: number}} card
 * @param {{left: number, top: number, bottom: number}} axis in the window
 * @param {{width: number, height: number}} page
 * @param {number} x of the pointer, on the axis
 * @param {boolean} touch
 * @returns {{left: number, top: number}}
 */
export function place(card, axis, page, x, touch) {
  const left = Math.max(MARGIN, Math.min(page.width - card.width - MARGIN, axis.left + x - card.width / 2));
  const above = axis.top - (touch ? AWAY_TOUCH : AWAY) - card.height;
  const below = axis.bottom + AWAY;
  const fitsBelow = below + card.height <= page.height - MARGIN;
  return { left, top: above >= MARGIN || !fitsBelow ? Math.max(MARGIN, above) : below };
}
