// @ts-check
/** Draws what was seen and reported: alerts as dots over a row, detections as lines in it, incidents as points from below. */

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
const POINT_PX = 6;
const POINT_SMALL_PX = 4;

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
 * A point from below at the moment, on a line as long as its clip; one that failed asks for somebody.
 * @param {Pen} pen
 * @param {Scale} scale
 * @param {Row} row
 * @param {Piece[]} pieces
 */
export function drawIncidents(pen, scale, { top, height }, pieces) {
  const { context, palette } = pen;
  const size = height < 16 ? POINT_SMALL_PX : POINT_PX;
  const bottom = top + height;
  for (const { start, end, time = start, status } of marks(pieces, "incidents")) {
    const x = scale.x(time);
    const left = scale.x(start);
    const right = scale.x(end);
    if (right < scale.left - size || left > scale.right + size) continue;
    const colour = status === "failed" ? palette.alert : palette.text;
    if (right - left > 2 * size) pen.box(colour, left, bottom - 2, right - left, 2, 0.9);
    context.beginPath();
    context.moveTo(x, bottom - 1.6 * size);
    context.lineTo(x + size, bottom + 0.5);
    context.lineTo(x - size, bottom + 0.5);
    context.closePath();
    context.fillStyle = colour;
    context.fill();
    context.strokeStyle = palette.bg;
    context.lineWidth = 1;
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
