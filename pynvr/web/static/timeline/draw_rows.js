// @ts-check
/** Draws the rows: what is recorded, how active it was, what is missing and why, what is kept and tagged. */

import { causeWords } from "../shell/words.js";
import { formatDuration } from "../shell/time.js";
import { fillColumns, joinedGaps, marks, recorded, runs } from "./columns.js";
import { FULL } from "./tiles.js";
import { needsAttention } from "./words.js";

/** @typedef {import("./pen.js").Pen} Pen */
/** @typedef {import("./rows.js").Layout} Layout */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {import("./tiles.js").Piece} Piece */

const GAP_TEXT = 11;
const TAG_TEXT = 10.5;
/** A gap of fewer pixels is a plain line: it has no inside. */
const GAP_LEAST = 5;
/** Below this share of full activity a bar is dim: noise is there to be seen, not to be looked at. */
const DIM = 0.25;

/**
 * @param {Pen} pen
 * @param {Scale} scale
 * @param {Row} row
 * @param {Piece[]} pieces
 * @param {number} now
 */
export function drawRow(pen, scale, row, pieces, now) {
  const { palette, context } = pen;
  const { top, height } = row;
  context.save();
  context.beginPath();
  context.rect(scale.left, top - 4, scale.width, height + 8);
  context.clip();
  const until = Math.min(scale.right, pen.snap(scale.x(now)));
  for (const { from, to, tile } of pieces) {
    const left = Math.max(scale.left, pen.snap(scale.x(from)));
    const right = Math.min(until, pen.snap(scale.x(to)));
    if (right > left) pen.box(tile ? palette.gap : palette["surface-2"], left, top, right - left, height, tile ? 1 : 0.6);
  }
  for (const [left, right] of runs(recorded(pieces), scale, scale.left, scale.right)) {
    pen.box(palette.recorded, left, top, right - left, height);
  }
  drawGaps(pen, scale, row, pieces);
  drawActivity(pen, scale, row, pieces);
  drawKeeps(pen, scale, row, pieces);
  drawTags(pen, scale, row, pieces);
  context.restore();
}

/**
 * @param {Pen} pen
 * @param {Scale} scale
 * @param {Row} row
 * @param {Piece[]} pieces
 */
function drawGaps(pen, scale, { top, height }, pieces) {
  const { palette, context } = pen;
  const gaps = joinedGaps(pieces).filter((gap) => gap[1] > gap[0]);
  const expected = gaps.filter((gap) => !needsAttention(gap[2]));
  const trouble = gaps.filter((gap) => needsAttention(gap[2]));
  for (const [left, right] of runs(expected, scale, scale.left, scale.right)) {
    pen.box(palette.gap, left, top, right - left, height);
    if (right - left >= GAP_LEAST) pen.hatch(palette["line-strong"], left, top, right - left, height, 0.28);
  }
  for (const [left, right] of runs(trouble, scale, scale.left, scale.right)) {
    if (right - left < GAP_LEAST) {
      pen.box(palette.alert, left, top, Math.max(1, right - left), height, 0.9);
      continue;
    }
    pen.box(palette.gap, left, top, right - left, height);
    pen.hatch(palette.alert, left, top, right - left, height, 0.22);
    const line = pen.hairline;
    context.strokeStyle = palette.alert;
    context.lineWidth = line;
    context.globalAlpha = 0.85;
    // Where the gap goes on outside, its outline stays open.
    const first = left > scale.left ? left + line / 2 : left - 4;
    const last = right < scale.right ? right - line / 2 : right + 4;
    context.strokeRect(first, top + line / 2, last - first, height - line);
    context.globalAlpha = 1;
  }
  if (height < 13) return;
  pen.font(GAP_TEXT);
  for (const [start, end, cause] of gaps) {
    const left = Math.max(scale.left, scale.x(start));
    const right = Math.min(scale.right, scale.x(end));
    const words = causeWords(cause);
    const text = [`${words} · ${formatDuration(end - start)}`, words].find((each) => pen.widthOf(each) + 18 <= right - left);
    if (!text) continue;
    const attention = needsAttention(cause);
    const width = pen.widthOf(text);
    const middle = Math.round((left + right - width) / 2);
    pen.box(palette.gap, middle - 5, top + 2, width + 10, height - 4, 0.85);
    pen.text(attention ? palette.alert : palette.muted, text, middle, top + height / 2 + 0.5);
  }
}

/** One for all rows: no memory is asked for while drawing. */
let columns = new Uint8Array(0);

/**
 * Bars on device pixels, equal neighbours as one.
 * @param {Pen} pen
 * @param {Scale} scale
 * @param {Row} row
 * @param {Piece[]} pieces
 */
function drawActivity(pen, scale, { top, height }, pieces) {
  const { context, palette, ratio } = pen;
  const count = Math.round(scale.width * ratio);
  if (columns.length !== count) columns = new Uint8Array(count);
  fillColumns(pieces, { from: scale.from, secondsPerPixel: scale.secondsPerPixel / ratio }, columns);
  const left = Math.round(scale.left * ratio);
  const bottom = Math.round((top + height) * ratio);
  const most = Math.round((height - 3) * ratio);
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = palette.activity;
  for (const dim of [true, false]) {
    context.globalAlpha = dim ? 0.55 : 1;
    context.beginPath();
    for (let start = 0, end = 0; start < count; start = end) {
      const value = columns[start];
      for (end = start + 1; end < count && columns[end] === value; end++);
      if (value === 0 || value < FULL * DIM !== dim) continue;
      const bar = Math.max(1, Math.round((value / FULL) * most));
      context.rect(left + start, bottom - bar, end - start, bar);
    }
    context.fill();
  }
  context.restore();
}

/**
 * @param {Pen} pen
 * @param {Scale} scale
 * @param {Row} row
 * @param {Piece[]} pieces
 */
function drawKeeps(pen, scale, { top }, pieces) {
  const keeps = marks(pieces, "keeps").map((keep) => /** @type {[number, number]} */ ([keep.start, keep.end]));
  for (const [left, right] of runs(keeps, scale, scale.left, scale.right)) {
    pen.box(pen.palette.kept, left, top - 1, Math.max(2, right - left), 3);
  }
}

/**
 * A tag is a small flag at its start, and a line below for as long as it lasts; its words where there is room.
 * @param {Pen} pen
 * @param {Scale} scale
 * @param {Row} row
 * @param {Piece[]} pieces
 */
function drawTags(pen, scale, { top, height }, pieces) {
  const { palette } = pen;
  const tags = marks(pieces, "tags");
  pen.font(TAG_TEXT, 500);
  let free = -Infinity;
  let last = -Infinity;
  tags.forEach((tag, number) => {
    const x = scale.x(tag.start);
    const end = scale.x(tag.end);
    if (end < scale.left - 2 || x > scale.right + 2) return;
    // In a crowd, one flag every few pixels tells as much.
    if (x < last + 3) return;
    last = x;
    pen.vertical(palette.text, x, top - 2, top + height, 0.9);
    if (end > x + 2) pen.box(palette.text, x, top + height - 2, end - x, 2, 0.9);
    const next = number + 1 < tags.length ? scale.x(tags[number + 1].start) : Infinity;
    const label = shortened(pen, tag.label ?? "", Math.min(next, scale.right) - x - 12);
    if (label && height >= 16 && x >= free) {
      free = x + pen.chip({
        text: label, x, y: top, height: 15, fill: palette.text, colour: palette.bg, opacity: 0.92, padding: 5,
      }) + 2;
    } else {
      pen.box(palette.text, pen.snap(x - 2.5), top - 2, 5, 5, 0.95);
    }
  });
}

/**
 * As much of a text as fits; "" if that isn't enough to tell.
 * @param {Pen} pen
 * @param {string} text
 * @param {number} room
 */
function shortened(pen, text, room) {
  if (room < 24) return "";
  if (pen.widthOf(text) <= room) return text;
  for (let length = Math.min(text.length - 1, Math.floor(room / 4)); length >= 3; length--) {
    const part = `${text.slice(0, length).trimEnd()}…`;
    if (pen.widthOf(part) <= room) return part;
  }
  return "";
}

/**
 * The cameras' names: beside the rows, or inside on a narrow page.
 * @param {Pen} pen
 * @param {Layout} layout
 */
export function drawNames(pen, layout) {
  const { palette, context } = pen;
  const { gutter, rows, pitch, header, height } = layout;
  const size = pitch >= 24 ? 12.5 : 11;
  context.save();
  context.beginPath();
  context.rect(0, header, layout.width, height - header);
  context.clip();
  pen.font(size, 500);
  for (const { camera, top, height: tall } of rows) {
    const middle = top + tall / 2 + 0.5;
    const name = shortened(pen, camera.name, gutter ? gutter - 22 : layout.width / 2) || camera.name;
    if (gutter) {
      pen.text(palette.text, name, 14, middle);
    } else {
      const high = Math.min(tall - 2, 17);
      pen.chip({
        text: name, x: 4, y: middle - high / 2 - 0.5, height: high, fill: palette.bg, colour: palette.text, opacity: 0.72,
        padding: 5,
      });
    }
  }
  context.restore();
}
