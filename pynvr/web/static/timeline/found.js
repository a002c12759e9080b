// @ts-check
/** What somebody searched for and found, as diamonds on the rows: where they stand, which one a pointer means, how they look. */

/** @typedef {{cameraId: string, time: number, isChosen: boolean}} Found `time` in epoch seconds */
/** @typedef {{index: number, x: number, y: number, radius: number, isChosen: boolean}} Diamond `index` of the answer */
/** @typedef {import("./rows.js").Layout} Layout */
/** @typedef {import("./scale.js").Scale} Scale */

const RADIUS_PX = 6;
const CHOSEN_PX = 8;
/** A low row has room for less. */
const SHARE_OF_ROW = 0.45;
/** So far beside a diamond a pointer still means it. */
const AROUND_PX = { mouse: 2, pen: 6, touch: 14 };

/**
 * Those that are seen, the chosen one last, so that it lies above its neighbours.
 * @param {readonly Found[]} found
 * @param {Layout} layout
 * @param {Scale} scale
 * @returns {Diamond[]}
 */
export function diamonds(found, { rows, header }, scale) {
  return found
    .flatMap(({ cameraId, time, isChosen }, index) => {
      const row = rows.find(({ camera }) => camera.id === cameraId);
      if (!row) return [];
      const [x, y] = [scale.x(time), row.top + row.height / 2];
      const radius = Math.min(isChosen ? CHOSEN_PX : RADIUS_PX, row.height * SHARE_OF_ROW);
      return y < header || x < scale.left || x > scale.right ? [] : [{ index, x, y, radius, isChosen }];
    })
    .sort((one, other) => Number(one.isChosen) - Number(other.isChosen));
}

/**
 * The index of the nearest answer under a pointer; null if there is none.
 * @param {readonly Diamond[]} shown
 * @param {{x: number, y: number, kind: "mouse" | "pen" | "touch"}} place
 * @returns {number | null}
 */
export function foundAt(shown, { x, y, kind }) {
  const away = (/** @type {Diamond} */ one) => Math.abs(one.x - x) + Math.abs(one.y - y);
  const meant = shown.filter((one) => Math.max(Math.abs(one.x - x), Math.abs(one.y - y)) <= one.radius + AROUND_PX[kind]);
  return meant.reduce((best, one) => (away(one) < away(best) ? one : best), meant[0])?.index ?? null;
}

/**
 * @param {import("./pen.js").Pen} pen
 * @param {readonly Diamond[]} shown
 */
export function drawFound({ context, palette }, shown) {
  for (const { x, y, radius, isChosen } of shown) {
    context.beginPath();
    context.moveTo(x, y - radius);
    context.lineTo(x + radius, y);
    context.lineTo(x, y + radius);
    context.lineTo(x - radius, y);
    context.closePath();
    context.fillStyle = isChosen ? palette.text : palette.accent;
    context.fill();
    context.strokeStyle = palette.bg;
    context.lineWidth = 1.5;
    context.stroke();
  }
}
