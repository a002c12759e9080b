// @ts-check
/**
 * The canvas in two layers: header and rows are drawn when they changed, cursor, selection and pointer over a copy of
 * them. So a playing clock and a moving mouse cost a copy and a few lines.
 */

import { drawAxis, drawLabels } from "./draw_axis.js";
import {
  drawCursorLine, drawMessage, drawNow, drawPointerLine, drawScroll, drawSelection, drawTimeLabel, timeLabel,
} from "./draw_over.js";
import { drawFound } from "./found.js";
import { drawName, drawRow, nameRight, NAME_TEXT } from "./draw_rows.js";
import { readPalette } from "./palette.js";
import { Pen } from "./pen.js";

/** @typedef {import("./rows.js").Layout} Layout */
/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {import("./tiles.js").Piece} Piece */
/** @typedef {import("./zone.js").Zone} Zone */
/** @typedef {import("./ticks.js").Ticks} Ticks */
/** @typedef {import("./draw_over.js").Box} Box */
/**
 * @typedef {object} Over what moves
 * @property {{t: number, words: string}} cursor
 * @property {{t: number, words: string} | null} pointer
 * @property {{from: number, to: number} | null} selection
 * @property {readonly import("./found.js").Diamond[]} found
 * @property {number} now
 * @property {string} message
 */

export class Surface {
  #canvas;
  #context;
  #layer = document.createElement("canvas");
  #layerContext;
  #ratio = 1;
  /** @type {Pen} */
  #layerPen;
  /** @type {Pen} */
  #pen;
  /** @type {Ticks | null} what the header shows */
  ticks = null;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = contextOf(canvas);
    this.#layerContext = contextOf(this.#layer);
    const palette = readPalette(canvas);
    this.#layerPen = new Pen(this.#layerContext, this.#ratio, palette);
    this.#pen = new Pen(this.#context, this.#ratio, palette);
  }

  /** CSS pixels. */
  get size() {
    return { width: this.#canvas.clientWidth, height: this.#canvas.clientHeight };
  }

  /** @param {string} name */
  nameWidth(name) {
    this.#layerPen.font(NAME_TEXT, 500);
    return this.#layerPen.widthOf(name);
  }

  /** Takes the canvas's size and the page's colours as they are now; what was drawn is gone. */
  renew() {
    const { width, height } = this.size;
    this.#ratio = devicePixelRatio || 1;
    for (const canvas of [this.#canvas, this.#layer]) {
      canvas.width = Math.max(1, Math.round(width * this.#ratio));
      canvas.height = Math.max(1, Math.round(height * this.#ratio));
    }
    const palette = readPalette(this.#canvas);
    this.#layerPen = new Pen(this.#layerContext, this.#ratio, palette);
    this.#pen = new Pen(this.#context, this.#ratio, palette);
  }

  /**
   * @param {Layout} layout
   * @param {Scale} scale
   * @param {Zone} zone
   * @param {(cameraId: string) => Piece[]} piecesOf
   * @param {number} now
   */
  drawLayer(layout, scale, zone, piecesOf, now) {
    const pen = this.#layerPen;
    const { context, palette } = pen;
    const { width, height, header } = layout;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    pen.box(palette.surface, 0, 0, width, height);
    this.ticks = drawAxis(pen, layout, scale, zone);
    context.save();
    context.beginPath();
    context.rect(0, header, width, height - header);
    context.clip();
    for (const row of layout.rows) {
      drawRow(pen, layout, scale, row, piecesOf(row.camera.id), now, nameRight(pen, layout, row));
      drawName(pen, layout, row);
    }
    context.restore();
    drawScroll(pen, layout);
  }

  /**
   * @param {Layout} layout
   * @param {Scale} scale
   * @param {Over} over
   * @returns {Box | null} the way back to a cursor that isn't seen
   */
  drawOver(layout, scale, { cursor, pointer, selection, found, now, message }) {
    const pen = this.#pen;
    const { context } = pen;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#layer, 0, 0);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    drawNow(pen, layout, scale, now);
    if (selection) drawSelection(pen, layout, scale, selection);
    if (pointer) drawPointerLine(pen, layout, scale, pointer.t);
    drawCursorLine(pen, layout, scale, cursor.t);
    drawFound(pen, found);
    const labels = [timeLabel(pen, layout, scale, cursor.words, cursor.t, true)];
    if (pointer) labels.unshift(timeLabel(pen, layout, scale, pointer.words, pointer.t, false));
    drawLabels(pen, layout, scale, this.ticks?.major ?? [], labels);
    for (const label of labels) drawTimeLabel(pen, label);
    if (message) drawMessage(pen, layout, scale, message);
    return labels.find((label) => label.isWayBack) ?? null;
  }
}

/** @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) throw new Error("this browser has no canvas to draw the time axis on");
  return context;
}
