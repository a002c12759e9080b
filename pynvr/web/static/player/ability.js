// @ts-check
/** How fast this machine plays, learned while it does. */

import { learned } from "./speeds.js";

/** A lesson lasts so long: shorter ones are chance. */
const LEARN_MS = 1500;

export class Ability {
  /** The fastest speed that it was seen to reach. */
  fastest = Infinity;
  #lesson = /** @type {{at_ms: number, time: number} | null} */ (null);

  /** What was begun to be measured doesn't count: another speed, another camera, a pause. */
  forget() {
    this.#lesson = null;
  }

  /**
   * A camera plays.
   * @param {number} now_ms
   * @param {number} time of its picture
   * @param {number} speed that is wanted
   */
  note(now_ms, time, speed) {
    const lesson = this.#lesson;
    const taken_s = lesson === null ? 0 : (now_ms - lesson.at_ms) / 1000;
    if (lesson !== null && taken_s * 1000 < LEARN_MS) return;
    this.#lesson = { at_ms: now_ms, time };
    if (lesson === null) return;
    this.fastest = learned({ able: this.fastest, speed, reached: (time - lesson.time) / taken_s });
  }
}
