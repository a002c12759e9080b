// @ts-check
/** One work at a time, and of the wishes that come meanwhile only the last. Pure. */

/** @template Wish */
export class Latest {
  #work;
  #running = false;
  /** @type {{wish: Wish} | null} */
  #next = null;

  /** @param {(wish: Wish) => Promise<void>} work must not throw */
  constructor(work) {
    this.#work = work;
  }

  get busy() {
    return this.#running;
  }

  /** @param {Wish} wish */
  wish(wish) {
    this.#next = { wish };
    if (!this.#running) void this.#run();
  }

  /** Forgets what hasn't begun. */
  drop() {
    this.#next = null;
  }

  async #run() {
    this.#running = true;
    while (this.#next) {
      const { wish } = this.#next;
      this.#next = null;
      await this.#work(wish);
    }
    this.#running = false;
  }
}
