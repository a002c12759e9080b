// @ts-check
/** When a camera's frames are shown, asked of the server in blocks and kept for stepping. */

const BLOCK_S = 30;
const KEPT_BLOCKS = 24;
/** Times pass through floating point on their way; frames lie further apart than this. */
const SAME_S = 0.0005;

/** @typedef {{frames: number[], keyframes: number[]}} Times */

export class FrameTimes {
  #load;
  #blocks = /** @type {Map<number, Promise<Times>>} */ (new Map());

  /** @param {(from: number, to: number) => Promise<Times>} load gives what lies in `[from, to)` */
  constructor(load) {
    this.#load = load;
  }

  /**
   * The frame after the one shown at `time`; null where none follows within a block's length.
   * @param {number} time
   * @returns {Promise<number | null>}
   */
  async next(time) {
    return (await this.#around(time)).find((frame) => frame > time + SAME_S) ?? null;
  }

  /**
   * The frame before the one shown at `time`.
   * @param {number} time
   * @returns {Promise<number | null>}
   */
  async previous(time) {
    const frames = await this.#around(time);
    const shown = frames.findLastIndex((frame) => frame <= time + SAME_S);
    return shown > 0 ? frames[shown - 1] : null;
  }

  /**
   * The frame shown at `time`.
   * @param {number} time
   * @returns {Promise<number | null>}
   */
  async shown(time) {
    return (await this.#around(time)).findLast((frame) => frame <= time + SAME_S) ?? null;
  }

  /**
   * @param {number} time
   * @returns {Promise<number[]>}
   */
  async #around(time) {
    const number = Math.floor(time / BLOCK_S);
    const blocks = await Promise.all([number - 1, number, number + 1].map((one) => this.#block(one)));
    return blocks.flatMap((block) => block.frames);
  }

  /**
   * @param {number} number
   * @returns {Promise<Times>}
   */
  #block(number) {
    let block = this.#blocks.get(number);
    if (block === undefined) {
      block = this.#load(number * BLOCK_S, (number + 1) * BLOCK_S);
      this.#blocks.set(number, block);
      const forget = () => this.#blocks.delete(number);
      // A block that is still being recorded is asked for again.
      block.then(
        (times) => (times.frames.length === 0 || (number + 1) * BLOCK_S > Date.now() / 1000) && forget(),
        forget,
      );
      while (this.#blocks.size > KEPT_BLOCKS) this.#blocks.delete(this.#blocks.keys().next().value ?? number);
    }
    return block;
  }
}
