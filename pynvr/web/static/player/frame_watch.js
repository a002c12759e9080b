// @ts-check
/** Which frame of a <video> is on the screen: its media time, as the browser says it. */

/** So long a frame stands at most where few come; the playhead farther behind the last one that was told of shows another. */
const LONGEST_FRAME_S = 1;
const ROUNDING_S = 0.05;

export class FrameWatch {
  #video;
  #shown_s = NaN;
  #forgotten_ms = -Infinity;
  #closed = false;
  #tells;
  #waiting = /** @type {Set<() => void>} */ (new Set());

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.#video = video;
    this.#tells = "requestVideoFrameCallback" in video;
    if (this.#tells) this.#watch();
  }

  /** Media time of the frame that was shown last, NaN before the first; where the browser doesn't tell, the playhead's. */
  get shown_s() {
    return this.#tells ? this.#shown_s : this.#video.currentTime;
  }

  /** Whether there is any; where the browser doesn't tell, it is believed. */
  get hasShown() {
    return !this.#tells || !Number.isNaN(this.#shown_s);
  }

  /**
   * Resolves with true when another frame is shown, with false after `most_ms`.
   * @param {number} most_ms
   * @returns {Promise<boolean>}
   */
  next(most_ms) {
    return new Promise((resolve) => {
      const came = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(came);
        resolve(false);
      }, most_ms);
      this.#waiting.add(came);
    });
  }

  /** The playhead was moved and no frame came: the one on the screen is the same as before, or wasn't told of. */
  settle() {
    const since_s = this.#video.currentTime - this.#shown_s;
    if (since_s < -ROUNDING_S || since_s > LONGEST_FRAME_S) this.#shown_s = this.#video.currentTime;
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
        for (const came of this.#waiting) came();
        this.#waiting.clear();
      }
      if (!this.#closed) this.#watch();
    });
  }
}
