// @ts-check
/** Which frame of a <video> is on the screen: its media time, as the browser says it. */

export class FrameWatch {
  #video;
  #shown_s = NaN;
  #forgotten_ms = -Infinity;
  #closed = false;
  #waiting = /** @type {Set<() => void>} */ (new Set());

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.#video = video;
    if ("requestVideoFrameCallback" in video) this.#watch();
  }

  /** Media time of the frame that was shown last; where the browser doesn't tell, that of the playhead. */
  get shown_s() {
    return Number.isNaN(this.#shown_s) || !("requestVideoFrameCallback" in this.#video)
      ? this.#video.currentTime
      : this.#shown_s;
  }

  /**
   * Resolves when another frame is shown, or after `most_ms`.
   * @param {number} most_ms
   * @returns {Promise<void>}
   */
  next(most_ms) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, most_ms);
      this.#waiting.add(done);
    });
  }

  /** The video shows something else from now on; what the browser still has to tell of the frame before doesn't count. */
  forget() {
    this.#shown_s = NaN;
    this.#forgotten_ms = performance.now();
  }

  close() {
    this.#closed = true;
  }

  #watch() {
    this.#video.requestVideoFrameCallback((_, frame) => {
      if (frame.presentationTime >= this.#forgotten_ms) {
        this.#shown_s = frame.mediaTime;
        for (const done of [...this.#waiting]) done();
      }
      if (!this.#closed) this.#watch();
    });
  }
}
