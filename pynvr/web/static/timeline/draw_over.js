// @ts-check
/** Draws what moves over the rows: selection, cursor, the pointer's line, the edge of now. */

import { contextY, LABEL_SIZE, labelY } from "./draw_axis.js";
import { clock, date } from "./words.js";

/** @typedef {import("./pen.js").Pen} Pen */
/** @typedef {import("./rows.js").Layout} Layout */
/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {import("./zone.js").Zone} Zone */
/** @typedef {{from: number, to: number}} Selection */
/** @typedef {{x: number, y: number, width: number, height: number}} Box */

const CHIP = 18;
const GRIP_HEIGHT = 26;
const GRIP_WIDTH = 8;

/**
 * The time under the cursor, as exact as a pixel is.
 * @param {Zone} zone
 * @param {number} t
 * @param {number} secondsPerPixel
 */
export function cursorWords(zone, t, secondsPerPixel) {
  if (secondsPerPixel > 120) return `${date(zone, t, "short")} ${clock(zone, t, "minute")}`;
  return clock(zone, t, secondsPerPixel < 0.01 ? "hundredth" : secondsPerPixel < 0.2 ? "tenth" : "second");
}

/**
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Scale} scale
 * @param {Selection} selection
 */
export function drawSelection(pen, { header, height }, scale, { from, to }) {
  const { palette, context } = pen;
  const left = Math.max(scale.left, scale.x(from));
  const right = Math.min(scale.right, scale.x(to));
  if (right <= scale.left || left >= scale.right) return;
  pen.box(palette.accent, left, header, right - left, height - header, 0.2);
  pen.box(palette.accent, left, header - 3, right - left, 3);
  const middle = header + (height - header) / 2;
  for (const t of [from, to]) {
    const x = scale.x(t);
    if (x < scale.left - 1 || x > scale.right + 1) continue;
    pen.vertical(palette.accent, x, header - 3, height, 1, 2);
    context.fillStyle = palette.accent;
    context.beginPath();
    context.roundRect(x - GRIP_WIDTH / 2, middle - GRIP_HEIGHT / 2, GRIP_WIDTH, GRIP_HEIGHT, 4);
    context.fill();
    pen.vertical(palette["on-accent"], x - 1.25, middle - 6, middle + 6, 0.7, 1);
    pen.vertical(palette["on-accent"], x + 1.25, middle - 6, middle + 6, 0.7, 1);
  }
}

/**
 * The line of the pointer, thin.
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Scale} scale
 * @param {number} t
 */
export function drawPointerLine(pen, { header, height }, scale, t) {
  pen.vertical(pen.palette.text, scale.x(t), header - 6, height, 0.45);
}

/**
 * The line of the cursor, where it is seen.
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Scale} scale
 * @param {number} t
 */
export function drawCursorLine(pen, { header, height }, scale, t) {
  const x = scale.x(t);
  if (x < scale.left || x > scale.right) return;
  pen.vertical(pen.palette.bg, x, header, height, 0.5, 4);
  pen.vertical(pen.palette.text, x, header - 6, height, 1, 2);
}

/**
 * A time in the header, with the box it takes.
 * @typedef {Box & {text: string, strong: boolean, isWayBack: boolean}} TimeLabel `isWayBack`: leads to a cursor outside the view
 */

/**
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Scale} scale
 * @param {string} words
 * @param {number} t
 * @param {boolean} strong the cursor's, not the pointer's
 * @returns {TimeLabel}
 */
export function timeLabel(pen, layout, scale, words, t, strong) {
  pen.font(LABEL_SIZE, strong ? 600 : 400);
  const x = scale.x(t);
  const isWayBack = x < scale.left || x > scale.right;
  const text = !isWayBack ? words : x < scale.left ? `‹ ${words}` : `${words} ›`;
  const width = Math.ceil(pen.widthOf(text)) + 14;
  const left = Math.min(scale.right - width, Math.max(scale.left, x - width / 2));
  return { x: left, y: labelY(layout) - CHIP / 2, width, height: CHIP, text, strong, isWayBack };
}

/**
 * @param {Pen} pen
 * @param {TimeLabel} label
 */
export function drawTimeLabel(pen, { text, x, y, height, strong, isWayBack }) {
  const { palette } = pen;
  pen.font(LABEL_SIZE, strong ? 600 : 400);
  const plain = !strong || isWayBack;
  const colour = isWayBack ? palette.accent : strong ? palette["on-accent"] : palette.text;
  pen.chip({ text, x, y, height, fill: plain ? palette["surface-2"] : palette.accent, colour });
}

/**
 * The last instant that has happened; right of it there is nothing yet.
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Scale} scale
 * @param {number} now
 */
export function drawNow(pen, layout, scale, now) {
  const { palette } = pen;
  const x = scale.x(now);
  if (x < scale.left || x > scale.right) return;
  pen.vertical(palette.muted, x, layout.header - 8, layout.height, 0.9);
  pen.font(LABEL_SIZE);
  if (scale.right - x > 40) pen.text(palette.muted, "now", x + 5, layout.height - 12);
}

/**
 * How far the rows are scrolled, where they don't fit.
 * @param {Pen} pen
 * @param {Layout} layout
 */
export function drawScroll(pen, { maxScroll, scroll, header, height, width }) {
  if (maxScroll <= 0) return;
  const room = height - header;
  const bar = Math.max(18, (room * room) / (room + maxScroll));
  pen.box(pen.palette.muted, width - 4, header + (scroll / maxScroll) * (room - bar), 3, bar, 0.7);
}

/**
 * What keeps the axis from being complete.
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Scale} scale
 * @param {string} text
 */
export function drawMessage(pen, layout, scale, text) {
  pen.font(LABEL_SIZE);
  const width = Math.ceil(pen.widthOf(text)) + 14;
  const { palette } = pen;
  pen.chip({
    text, x: Math.max(scale.left, scale.right - width - 4), y: contextY(layout) - 9, height: CHIP,
    fill: palette["surface-2"], colour: palette.alert,
  });
}
