// @ts-check
/** Draws the header: days over times, lines down through the rows, and where the clocks were changed. */

import { ticks } from "./ticks.js";

/** @typedef {import("./pen.js").Pen} Pen */
/** @typedef {import("./rows.js").Layout} Layout */
/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {import("./zone.js").Zone} Zone */

export const LABEL_SIZE = 11.5;
const LABEL_ROOM = 5;

/**
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Scale} scale
 * @param {Zone} zone
 * @returns {import("./ticks.js").Ticks} what was drawn
 */
export function drawAxis(pen, layout, scale, zone) {
  const { palette, context } = pen;
  const { header, height } = layout;
  pen.font(LABEL_SIZE);
  const found = ticks(scale, zone, (text) => pen.widthOf(text));
  context.save();
  context.beginPath();
  context.rect(scale.left, 0, scale.width, height);
  context.clip();
  for (const t of found.minor) pen.vertical(palette["line-strong"], scale.x(t), header - 4, header, 0.6);
  for (const { t, strong } of found.major) {
    const x = scale.x(t);
    pen.vertical(palette["line-strong"], x, header - 7, header, 0.9);
    pen.vertical(strong ? palette["line-strong"] : palette.line, x, header, height, strong ? 0.9 : 0.55);
  }
  drawNotices(pen, layout, scale, found.notices);
  drawContexts(pen, layout, scale, found.contexts);
  context.restore();
  pen.box(palette.line, scale.left, header - pen.hairline, scale.width, pen.hairline);
  return found;
}

/**
 * The ticks' words, but not under what stands in the same line.
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Scale} scale
 * @param {import("./ticks.js").Tick[]} major
 * @param {{x: number, width: number}[]} taken
 */
export function drawLabels(pen, layout, scale, major, taken) {
  const { palette } = pen;
  pen.font(LABEL_SIZE);
  for (const { t, text, strong } of major) {
    const x = scale.x(t);
    const half = pen.widthOf(text) / 2;
    if (!text || x < scale.left || x > scale.right || x - half < 0 || x + half > layout.width) continue;
    if (taken.some((box) => x + half > box.x - LABEL_ROOM && x - half < box.x + box.width + LABEL_ROOM)) continue;
    pen.text(strong ? palette.text : palette.muted, text, x, labelY(layout), "center");
  }
}

/** @param {Layout} layout */
export function labelY({ header }) {
  return header - 14;
}

/** @param {Layout} layout */
export function contextY({ header }) {
  return header >= 44 ? 12 : 10;
}

/**
 * Days (months, years) as far as they are seen; the words stay in view while any of their day does.
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Scale} scale
 * @param {import("./ticks.js").Context[]} contexts
 */
function drawContexts(pen, layout, scale, contexts) {
  const { palette } = pen;
  const y = contextY(layout);
  pen.font(LABEL_SIZE, 600);
  for (const { from, to, texts } of contexts) {
    const left = Math.max(scale.left, scale.x(from));
    const right = Math.min(scale.right, scale.x(to));
    if (scale.x(from) > scale.left) pen.vertical(palette["line-strong"], scale.x(from), 2, layout.header, 0.9);
    const text = texts.find((each) => pen.widthOf(each) + 14 <= right - left);
    if (text) pen.text(palette.text, text, left + 7, y, "left", 0.92);
  }
  pen.font(LABEL_SIZE);
}

/**
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Scale} scale
 * @param {import("./ticks.js").Notice[]} notices
 */
function drawNotices(pen, layout, scale, notices) {
  const { palette } = pen;
  const { header, height } = layout;
  pen.font(10.5);
  for (const { from, to, texts } of notices) {
    const x = scale.x(from);
    const width = scale.x(to) - x;
    if (x + width < scale.left || x > scale.right) continue;
    pen.vertical(palette.muted, x, contextY(layout) - 8, height, 0.9);
    if (width > 0) {
      pen.hatch(palette.muted, x, header - 4, width, 4, 0.9);
      pen.hatch(palette.muted, x, header, width, height - header, 0.12);
      pen.vertical(palette.muted, x + width, header - 4, height, 0.5);
    }
    const room = width > 0 ? Math.max(width - 8, 60) : 140;
    const text = texts.find((each) => pen.widthOf(each) + 8 <= room);
    if (!text) continue;
    const left = Math.max(scale.left, x) + 3;
    pen.box(palette.surface, left, contextY(layout) - 8, pen.widthOf(text) + 10, 16);
    pen.text(palette.muted, text, left + 4, contextY(layout));
  }
  pen.font(LABEL_SIZE);
}
