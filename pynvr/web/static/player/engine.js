// @ts-check
/** What feeds a playlist into a <video>: hls.js, or the browser itself where that can't run. */

import Hls from "../vendor/hls/hls.light.min.mjs";

/** @typedef {"codec" | "network" | "gone" | "media"} Failure `gone`: the server has nothing of this time */

const APPLE = "application/vnd.apple.mpegurl";

/**
 * @typedef {object} Engine
 * @property {(address: string, at_s: number) => Promise<void>} load resolves when the playlist is known; rejects with `EngineError`
 * @property {(speed: number, chosen: boolean) => void} tune how much is held ready
 * @property {() => readonly (readonly [number])[]} starts media times at which keyframes are surely found
 * @property {() => number} length_s of the playlist
 * @property {() => void} close
 */

export class EngineError extends Error {
  /** @param {Failure} failure @param {string} message */
  constructor(failure, message) {
    super(message);
    this.failure = failure;
  }
}

/**
 * @param {HTMLVideoElement} video
 * @param {(failure: Failure) => void} failed called for what goes wrong after `load`
 * @returns {Engine | null} null: this browser plays no HLS at all
 */
export function engineFor(video, failed) {
  if (Hls.isSupported()) return new HlsEngine(video, failed);
  if (video.canPlayType(APPLE)) return new NativeEngine(video, failed);
  return null;
}

/** @implements {Engine} */
class HlsEngine {
  #hls;
  #failed;
  #starts = /** @type {[number][]} */ ([]);
  #length_s = 0;
  #recovered_ms = -Infinity;
  #loading = /** @type {{done: () => void, fail: (error: EngineError) => void, at_s: number} | null} */ (null);

  /**
   * @param {HTMLVideoElement} video
   * @param {(failure: Failure) => void} failed
   */
  constructor(video, failed) {
    this.#failed = failed;
    this.#hls = new Hls({
      autoStartLoad: false,
      enableWorker: false, // fragments are MP4 already: nothing to do that a worker would take off the page
      maxBufferLength: 10,
      maxBufferSize: 20e6,
      backBufferLength: 30,
    });
    this.#hls.attachMedia(video);
    this.#hls.on(Hls.Events.MANIFEST_PARSED, () => this.#hls.startLoad(this.#loading?.at_s ?? 0));
    this.#hls.on("hlsLevelLoaded", (_, { details }) => {
      this.#starts = details.fragments.map((fragment) => [fragment.start]);
      this.#length_s = details.totalduration;
      this.#loading?.done();
      this.#loading = null;
    });
    this.#hls.on("hlsError", (_, error) => {
      const codec = /Codec/i.test(error.details);
      if (!error.fatal && !codec) return;
      this.#fail(
        codec ? "codec" : error.response?.code === 404 ? "gone" : error.type === "networkError" ? "network" : "media",
      );
    });
  }

  /** @param {string} address @param {number} at_s @returns {Promise<void>} */
  load(address, at_s) {
    this.#loading?.fail(new EngineError("gone", "overtaken"));
    return new Promise((done, fail) => {
      this.#loading = { done, fail, at_s };
      this.#hls.loadSource(address);
    });
  }

  /** @param {number} speed @param {boolean} chosen */
  tune(speed, chosen) {
    // Held ready is a person's time; the picture beside gets less of it.
    const seconds = (chosen ? 10 : 5) * Math.max(1, Math.abs(speed));
    this.#hls.config.maxBufferLength = seconds;
    this.#hls.config.maxMaxBufferLength = seconds * 2;
    this.#hls.config.maxBufferSize = (chosen ? 20e6 : 6e6) * Math.max(1, Math.min(3, Math.abs(speed)));
  }

  starts() {
    return this.#starts;
  }

  length_s() {
    return this.#length_s;
  }

  close() {
    this.#loading?.fail(new EngineError("gone", "closed"));
    this.#loading = null;
    this.#hls.destroy();
  }

  /** @param {Failure} failure */
  #fail(failure) {
    if (this.#loading) {
      this.#loading.fail(new EngineError(failure, `playlist: ${failure}`));
      this.#loading = null;
      return;
    }
    if (failure === "media" && performance.now() - this.#recovered_ms > 5000) {
      this.#recovered_ms = performance.now();
      this.#hls.recoverMediaError();
      return;
    }
    this.#failed(failure);
  }
}

/** @implements {Engine} */
class NativeEngine {
  #video;
  #failed;

  /**
   * @param {HTMLVideoElement} video
   * @param {(failure: Failure) => void} failed
   */
  constructor(video, failed) {
    this.#video = video;
    this.#failed = failed;
  }

  /** @param {string} address @param {number} at_s @returns {Promise<void>} */
  async load(address, at_s) {
    await new Promise((done, fail) => {
      this.#video.onloadedmetadata = done;
      this.#video.onerror = () => fail(new EngineError("media", "the browser can't play this"));
      this.#video.src = address;
    });
    this.#video.onerror = () => this.#failed("media");
    this.#video.currentTime = at_s;
  }

  tune() {}

  starts() {
    return [];
  }

  length_s() {
    return this.#video.duration;
  }

  close() {
    this.#video.onerror = null;
    this.#video.removeAttribute("src");
    this.#video.load();
  }
}
