// @ts-check
/** How long to wait for what may never come: at first little, then ever longer. Pure. */

export class Patience {
  #first_s;
  #longest_s;
  /** What is waited for. @type {string | null} */
  #about = null;
  #asked_s = 0;
  #delay_s = 0;

  /** @param {number} first_s the delay between the first two questions @param {number} longest_s */
  constructor(first_s, longest_s) {
    this.#first_s = first_s;
    this.#longest_s = longest_s;
  }

  /**
   * Whether to ask now. What is new is asked for at once.
   * @param {string} about what is waited for
   * @param {number} now_s
   */
  due(about, now_s) {
    const isNew = about !== this.#about;
    if (!isNew && now_s - this.#asked_s < this.#delay_s) return false;
    this.#delay_s = isNew ? this.#first_s : Math.min(2 * this.#delay_s, this.#longest_s);
    this.#about = about;
    this.#asked_s = now_s;
    return true;
  }
}
