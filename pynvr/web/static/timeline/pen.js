// @ts-check
/** A canvas context with what all drawing needs: device pixels, text that is measured once, hatching. */

/** @typedef {import("./palette.js").Palette} Palette */

const HATCH = 7;

export class Pen {
  #font = "";
  /** @type {Map<string, number>} */
  #widths = new Map();
  /** @type {Map<string, CanvasPattern | null>} */
  #hatches = new Map();

  /**
   * @param {CanvasRenderingContext2D} context scaled to CSS pixels
   * @param {number} ratio device pixels a CSS pixel
   * @param {Palette} palette
   */
  constructor(context, ratio, palette) {
    this.context = context;
    this.ratio = ratio;
    this.palette = palette;
  }

  /**
   * The nearest edge of a device pixel.
   * @param {number} value CSS pixels
   */
  snap(value) {
    return Math.round(value * this.ratio) / this.ratio;
  }

  /** One device pixel, or the nearest to a CSS pixel that isn't thinner. */
  get hairline() {
    return Math.max(1, Math.round(this.ratio)) / this.ratio;
  }

  /**
   * @param {number} size CSS pixels
   * @param {number} [weight]
   */
  font(size, weight = 400) {
    this.#font = `${weight} ${size}px ${this.palette.family}`;
    this.context.font = this.#font;
  }

  /**
   * With the font as it is set; digits count alike, so that a running clock doesn't tremble.
   * @param {string} text
   */
  widthOf(text) {
    const key = `${this.#font}|${text.replace(/\d/g, "0")}`;
    let width = this.#widths.get(key);
    if (width === undefined) {
      if (this.#widths.size > 2_000) this.#widths.clear();
      width = this.context.measureText(text.replace(/\d/g, "0")).width;
      this.#widths.set(key, width);
    }
    return width;
  }

  /**
   * @param {string} colour
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   * @param {number} [opacity]
   */
  box(colour, x, y, width, height, opacity = 1) {
    const { context } = this;
    context.globalAlpha = opacity;
    context.fillStyle = colour;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
  }

  /**
   * @param {string} colour
   * @param {number} x
   * @param {number} top
   * @param {number} bottom
   * @param {number} [opacity]
   * @param {number} [width]
   */
  vertical(colour, x, top, bottom, opacity = 1, width = this.hairline) {
    this.box(colour, this.snap(x - width / 2), top, width, bottom - top, opacity);
  }

  /**
   * @param {string} colour
   * @param {string} text
   * @param {number} x
   * @param {number} y middle of the line
   * @param {CanvasTextAlign} [align]
   * @param {number} [opacity]
   */
  text(colour, text, x, y, align = "left", opacity = 1) {
    const { context } = this;
    context.globalAlpha = opacity;
    context.fillStyle = colour;
    context.textAlign = align;
    context.textBaseline = "middle";
    context.fillText(text, x, y);
    context.globalAlpha = 1;
  }

  /**
   * A filled, rounded box with text in its middle.
   * @param {{text: string, x: number, y: number, height: number, fill: string, colour: string, opacity?: number, padding?: number}} chip
   *   `x`, `y`: upper left corner
   */
  chip({ text, x, y, height, fill, colour, opacity = 1, padding = 7 }) {
    const { context } = this;
    const width = Math.ceil(this.widthOf(text)) + 2 * padding;
    context.globalAlpha = opacity;
    context.fillStyle = fill;
    context.beginPath();
    context.roundRect(this.snap(x), this.snap(y), width, height, 4);
    context.fill();
    context.globalAlpha = 1;
    this.text(colour, text, this.snap(x) + padding, y + height / 2 + 0.5);
    return width;
  }

  /**
   * Diagonal lines over a box, anchored to it.
   * @param {string} colour
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   * @param {number} opacity
   */
  hatch(colour, x, y, width, height, opacity) {
    const pattern = this.#hatch(colour);
    if (!pattern) return;
    const { context } = this;
    context.save();
    context.globalAlpha = opacity;
    context.translate(x, y);
    context.fillStyle = pattern;
    context.fillRect(0, 0, width, height);
    context.restore();
  }

  /** @param {string} colour */
  #hatch(colour) {
    let pattern = this.#hatches.get(colour);
    if (pattern !== undefined) return pattern;
    const size = Math.round(HATCH * this.ratio);
    const tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const context = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
    context.strokeStyle = colour;
    context.lineWidth = this.ratio;
    context.beginPath();
    // Three strokes, so that the tile's corners meet their neighbours.
    for (const shift of [-size, 0, size]) {
      context.moveTo(shift - 1, size + 1);
      context.lineTo(shift + size + 1, -1);
    }
    context.stroke();
    pattern = this.context.createPattern(tile, "repeat");
    pattern?.setTransform(new DOMMatrix([1 / this.ratio, 0, 0, 1 / this.ratio, 0, 0]));
    this.#hatches.set(colour, pattern);
    return pattern;
  }
}
