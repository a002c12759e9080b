// @ts-check
/** Draws what detectors saw: alerts as dots over a row, what was detected as lines in it. */

import { marks, runs, seen } from "./columns.js";

/** @typedef {import("./pen.js").Pen} Pen */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {import("./tiles.js").Piece} Piece */

const DOT_PX = 3.5;
const DOT_SMALL_PX = 2.5;
/** Dots that would hide each other are one. */
const APART_PX = 5;
/** A line is never shorter: what was seen once is seen. */
const LINE_LEAST_PX = 2;

/**
 * @param {Pen} pen
 * @param {Scale} scale
 * @param {Row} row
 * @param {Piece[]} pieces
 */
export function drawDetections(pen, scale, { top, height }, pieces) {
  for (const [left, right] of runs(seen(pieces), scale, scale.left, scale.right))
    pen.box(pen.palette.activity, left, top + Math.min(4, height / 4), Math.max(LINE_LEAST_PX, right - left), 2, 0.95);
}

/**
 * Those that nobody has viewed are full and drawn last.
 * @param {Pen} pen
 * @param {Scale} scale
 * @param {Row} row
 * @param {Piece[]} pieces
 */
export function drawAlerts(pen, scale, { top, height }, pieces) {
  const { context, palette } = pen;
  const radius = height < 16 ? DOT_SMALL_PX : DOT_PX;
  for (const { x, viewed } of dots(marks(pieces, "alerts"), scale)) {
    if (x < scale.left - radius || x > scale.right + radius) continue;
    context.beginPath();
    context.arc(x, top, radius, 0, 2 * Math.PI);
    context.fillStyle = viewed ? palette.surface : palette.alert;
    context.fill();
    context.strokeStyle = viewed ? palette.alert : palette.bg;
    context.lineWidth = 1.25;
    context.stroke();
  }
}

/**
 * Where dots stand: of several in a few pixels one, full if one of them is new.
 * @param {readonly import("./tiles.js").Mark[]} alerts by time
 * @param {{x: (t: number) => number}} scale
 */
export function dots(alerts, scale) {
  /** @type {{x: number, viewed: boolean}[]} */
  const found = [];
  for (const { start, viewed = false } of alerts) {
    const x = scale.x(start);
    const last = found.at(-1);
    if (last && x - last.x < APART_PX) last.viewed &&= viewed;
    else found.push({ x, viewed });
  }
  return found.sort((a, b) => Number(b.viewed) - Number(a.viewed));
}
