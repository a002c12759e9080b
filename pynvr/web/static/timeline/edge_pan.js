// @ts-check
/** Moves the view on while a drag is held at its edge, the further out the faster. */

/** @typedef {import("./scale.js").Scale} Scale */

/** Pixels a second for each pixel beyond the edge. */
const GAIN = 5;
const MOST = 1_500;
/** A finger can't leave a screen: near its edge is far enough. */
const REACH = { touch: 26, pen: 8, mouse: 0 };

/**
 * Pixels a second by which the view moves for a pointer at `x`; 0 inside.
 * @param {number} x
 * @param {{left: number, right: number}} scale
 * @param {number} reach
 */
export function edgeSpeed(x, { left, right }, reach) {
  const beyond = x > right - reach ? x - (right - reach) : x < left + reach ? x - (left + reach) : 0;
  return Math.max(-MOST, Math.min(MOST, beyond * GAIN));
}

export class EdgePan {
  #drag;
  #scale;
  #move;
  #frame = 0;
  #last = 0;
  /** @type {number | null} where the drag was when it began, so that a press near the edge moves nothing */
  #begun = null;

  /**
   * @param {() => {x: number, kind: "mouse" | "pen" | "touch"} | null} drag
   * @param {() => Scale} scale
   * @param {(pixels: number) => void} move
   */
  constructor(drag, scale, move) {
    this.#drag = drag;
    this.#scale = scale;
    this.#move = move;
  }

  /** To be called whenever a pointer did something. */
  watch() {
    const drag = this.#drag();
    if (!drag) {
      this.stop();
    } else {
      this.#begun ??= drag.x;
      if (!this.#frame && this.#speed() !== 0) {
        this.#last = performance.now();
        this.#frame = requestAnimationFrame((at) => this.#step(at));
      }
    }
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#begun = null;
  }

  #speed() {
    const drag = this.#drag();
    if (!drag || this.#begun === null) return 0;
    const speed = edgeSpeed(drag.x, this.#scale(), REACH[drag.kind]);
    return Math.sign(speed) === Math.sign(drag.x - this.#begun) ? speed : 0;
  }

  /** @param {number} at ms */
  #step(at) {
    this.#frame = 0;
    const speed = this.#speed();
    if (speed === 0) return;
    const seconds = Math.min(0.1, Math.max(0, at - this.#last) / 1000);
    this.#last = at;
    this.#move(speed * seconds);
    if (!this.#frame) this.#frame = requestAnimationFrame((next) => this.#step(next));
  }
}
