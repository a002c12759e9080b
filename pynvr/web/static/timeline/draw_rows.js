// @ts-check
/** Draws the rows: what is recorded, how active it was, what is missing and why, what is kept and tagged. */

import { causeWords } from "../shell/words.js";
import { formatDuration } from "../shell/time.js";
import { joinedGaps, marks, runs } from "./columns.js";
import { drawAlerts, drawDetections, drawIncidents } from "./draw_marks.js";
import { blended, channels, ink, paintRow } from "./row_image.js";
import { Scale } from "./scale.js";
import { needsAttention } from "./words.js";

/** @typedef {import("./pen.js").Pen} Pen */
/** @typedef {import("./rows.js").Layout} Layout */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./tiles.js").Piece} Piece */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("./row_image.js").Inks} Inks */

const GAP_TEXT = 11;
export const NAME_TEXT = 12.5;
const NAME_TEXT_SMALL = 11;
const NAME_LEFT = 14;
const TAG_TEXT = 10.5;
const TAG_MOST = 150;
/** A gap of fewer pixels is a plain line: it has no inside. */
const GAP_LEAST = 5;
/** In fewer pixels no cause can be said. */
const WORDS_LEAST = 60;

/**
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Scale} scale
 * @param {Row} row
 * @param {Piece[]} pieces
 * @param {number} now
 * @param {number} clear up to this pixel a name stands in the row
 */
export function drawRow(pen, layout, scale, row, pieces, now, clear) {
  const { context } = pen;
  const { top, height } = row;
  drawBand(pen, layout, scale, row, pieces, now);
  context.save();
  context.beginPath();
  context.rect(scale.left, top - 4, scale.width, height + 8);
  context.clip();
  drawGaps(pen, scale, row, pieces);
  drawDetections(pen, scale, row, pieces);
  drawKeeps(pen, scale, row, pieces);
  drawTags(pen, scale, row, pieces, clear);
  drawIncidents(pen, scale, row, pieces);
  drawAlerts(pen, scale, row, pieces);
  context.restore();
}

/** @type {ImageData | null} one for all rows */
let image = null;

/**
 * What is recorded, with its activity, up to now.
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Scale} scale
 * @param {Row} row
 * @param {Piece[]} pieces
 * @param {number} now
 */
function drawBand({ context, ratio, palette }, { header }, scale, { top, height }, pieces, now) {
  const left = Math.round(scale.left * ratio);
  const wide = Math.round(scale.right * ratio) - left;
  const tall = Math.max(1, Math.round(height * ratio));
  if (image?.width !== wide || image.height !== tall) image = context.createImageData(wide, tall);
  const pixels = new Uint32Array(image.data.buffer);
  const device = new Scale(scale, 0, wide);
  paintRow(pixels, wide, tall, device, pieces, inksOf(palette), now);
  const until = Math.min(wide, Math.round(device.x(now)));
  // Image data knows no clipping: what is scrolled under the header is left out here.
  const hidden = Math.max(0, Math.round((header - top) * ratio));
  if (until > 0 && tall > hidden) {
    context.putImageData(image, left, Math.round(top * ratio), 0, hidden, until, tall - hidden);
  }
}

/** @type {{palette: Palette, inks: Inks} | null} */
let mixed = null;

/**
 * @param {Palette} palette
 * @returns {Inks}
 */
function inksOf(palette) {
  if (mixed?.palette !== palette) {
    const band = channels(palette.recorded);
    const bar = channels(palette.activity);
    const inks = {
      loading: ink(blended(channels(palette["surface-2"]), channels(palette.surface), 0.6)),
      empty: ink(channels(palette.gap)),
      recorded: ink(band),
      bar: ink(bar),
      dim: ink(blended(bar, band, 0.5)),
    };
    mixed = { palette, inks };
  }
  return mixed.inks;
}

/**
 * @param {Pen} pen
 * @param {Scale} scale
 * @param {Row} row
 * @param {Piece[]} pieces
 */
function drawGaps(pen, scale, { top, height }, pieces) {
  const { palette, context } = pen;
  const gaps = joinedGaps(pieces).filter(([start, end, cause]) => end > start && cause !== "unknown");
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
    if (right - left < WORDS_LEAST) continue;
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
 * @param {number} clear
 */
function drawTags(pen, scale, { top, height }, pieces, clear) {
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
    pen.box(palette.text, pen.snap(x - 2.5), top - 3, 5, 5, 0.95);
    const label = shortened(pen, tag.label ?? "", Math.min(TAG_MOST, Math.min(next, scale.right) - x - 14));
    if (!label || height < 16 || x < Math.max(free, clear)) return;
    free = x + 3 + pen.chip({
      text: label, x: x + 2, y: top + 1, height: 15, fill: palette.bg, colour: palette.text, opacity: 0.78, padding: 5,
    });
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
 * A camera's name: beside its row, or inside on a narrow page.
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Row} row
 */
export function drawName(pen, { gutter, pitch, width }, { camera, top, height }) {
  const { palette } = pen;
  nameFont(pen, pitch);
  const middle = top + height / 2 + 0.5;
  if (gutter) {
    pen.text(palette.text, shortened(pen, camera.name, gutter - 22) || camera.name, NAME_LEFT, middle);
    return;
  }
  const name = shortened(pen, camera.name, width / 2) || camera.name;
  const high = Math.min(height - 2, 17);
  pen.chip({
    text: name, x: 4, y: middle - high / 2 - 0.5, height: high, fill: palette.bg, colour: palette.text, opacity: 0.8,
    padding: 5,
  });
}

/**
 * Up to where a name takes room inside its row; 0 where it stands beside.
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Row} row
 */
export function nameRight(pen, { gutter, pitch }, { camera }) {
  if (gutter) return 0;
  nameFont(pen, pitch);
  return pen.widthOf(camera.name) + 18;
}

/**
 * @param {Pen} pen
 * @param {number} pitch
 */
function nameFont(pen, pitch) {
  pen.font(pitch >= 24 ? NAME_TEXT : NAME_TEXT_SMALL, 500);
}
