// @ts-check
/** What lies under a pointer, and which shape the pointer takes there. Pure. */

import { foundAt } from "./found.js";
import { areaAt } from "./rows.js";

/** @typedef {import("./gestures.js").Target} Target */

/** Half the width in which a handle can be taken. */
const HANDLE_PX = { mouse: 7, pen: 12, touch: 22 };
const AROUND_PX = 4;

/**
 * @param {import("./pointer.js").Place} place
 * @param {import("./rows.js").Layout} layout
 * @param {import("./scale.js").Scale} scale
 * @param {{from: number, to: number} | null} selection
 * @param {import("./draw_over.js").Box | null} wayBack
 * @param {readonly import("./found.js").Diamond[]} [found]
 * @returns {Target}
 */
export function targetAt({ x, y, kind }, layout, scale, selection, wayBack, found = []) {
  if (wayBack && isIn(wayBack, x, y)) return "back";
  if (foundAt(found, { x, y, kind }) !== null) return "found";
  const area = areaAt(layout, x, y);
  if (area === "names" || !selection) return area;
  const start = Math.abs(x - scale.x(selection.from));
  const end = Math.abs(x - scale.x(selection.to));
  if (Math.min(start, end) > HANDLE_PX[kind]) return area;
  return start < end ? "handle-from" : "handle-to";
}

/**
 * @param {import("./draw_over.js").Box} box
 * @param {number} x
 * @param {number} y
 */
function isIn(box, x, y) {
  return x >= box.x - AROUND_PX && x <= box.x + box.width + AROUND_PX
    && y >= box.y - AROUND_PX && y <= box.y + box.height + AROUND_PX;
}

/** @type {Record<Target, string>} CSS `cursor` */
export const SHAPES = {
  "handle-from": "ew-resize",
  "handle-to": "ew-resize",
  header: "grab",
  names: "pointer",
  back: "pointer",
  found: "pointer",
  rows: "crosshair",
};
