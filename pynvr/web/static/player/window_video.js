// @ts-check
/** A camera's <video> with the playlist that holds the wanted instant; everything in epoch seconds. */

import { engineFor, EngineError } from "./engine.js";
import { FrameWatch } from "./frame_watch.js";
import { indexAt } from "./spans.js";
import { covers, windowAt } from "./window.js";

/** Behind a frame's time, so that no rounding shows the one before. */
const INTO_FRAME_S = 0.001;
const SEEK_MOST_MS = 8000;
/** A frame that was shown already isn't shown again: no longer is waited for it. */
const SAME_FRAME_MS = 60;
/** Before a decoder that was given nothing behind the playhead may give none: then there is no picture. */
const FIRST_FRAME_MS = 1000;
/** The end of a playlist that is still being recorded; nearer than this a longer one is asked for. */
export const TAIL_S = 0.3;
/** A playlist that was asked for isn't asked for again sooner. */
const AGAIN_MS = 1000;
/** Keyframes that pass more slowly than this for who watches are too rare to step by. */
const RARE_S = 1;

/**
 * @typedef {import("./engine.js").Engine} Engine
 * @typedef {import("./engine.js").Failure} Failure
 * @typedef {import("./recorded.js").Recorded} Recorded
 * @typedef {{from: number, to: number, end: number, at_ms: number}} Loaded a window; `end`: of what its playlist holds
 */

export class WindowVideo {
  #video;
  #cameraId;
  #recorded;
  #told;
  #frames;
  #engine = /** @type {Engine | null} */ (null);
  #loaded = /** @type {Loaded | null} */ (null);
  #loading = /** @type {{from: number, done: Promise<boolean>} | null} */ (null);
  /** Whether the playhead was put somewhere in what is loaded: until then it stands where the window begins, or anywhere. */
  #isPlaced = false;
  #speed = 1;
  #chosen = false;

  /**
   * @param {HTMLVideoElement} video
   * @param {string} cameraId
   * @param {Recorded} recorded
   * @param {{empties: () => void, failed: (failure: Failure) => void}} told `empties`: before the picture goes for a moment
   */
  constructor(video, cameraId, recorded, told) {
    this.#video = video;
    this.#cameraId = cameraId;
    this.#recorded = recorded;
    this.#told = told;
    this.#frames = new FrameWatch(video);
  }

  /** The instant of the playhead, NaN when nothing is loaded. */
  get time() {
    return this.#loaded ? this.#loaded.from + this.#video.currentTime : NaN;
  }

  /** Whether the video has shown a frame of what is loaded; until then it is black. */
  get hasShown() {
    return this.#frames.hasShown;
  }

  /** The instant of the frame on the screen, NaN while there is none of what is loaded. */
  get shown() {
    return this.#loaded && this.#isPlaced ? this.#loaded.from + this.#frames.shown_s : NaN;
  }

  /**
   * How much is held ready: more at speed, less for a small picture.
   * @param {number} speed
   * @param {boolean} chosen
   */
  tune(speed, chosen) {
    if (speed === this.#speed && chosen === this.#chosen) return;
    this.#speed = speed;
    this.#chosen = chosen;
    this.#engine?.tune(speed, chosen);
  }

  /**
   * Whether the playlist has to be asked for (again) to show what comes up to `time`.
   * @param {number} time
   */
  isStale(time) {
    const loaded = this.#loaded;
    if (!loaded || time < loaded.from || time >= loaded.to) return true;
    return !covers(loaded, time) && this.#hasGrown(loaded, time);
  }

  /**
   * Have the playlist that holds `time`. False if another was wanted meanwhile; rejects with `EngineError`.
   * @param {number} time
   * @param {number} [ahead_s] so much behind it is wanted too
   * @returns {Promise<boolean>}
   */
  async load(time, ahead_s = 0) {
    if (!this.isStale(time + ahead_s)) return true;
    const window = windowAt(time);
    if (this.#loading?.from === window.from) return this.#loading.done;
    const done = this.#open(window, time);
    this.#loading = { from: window.from, done };
    try {
      return await done;
    } finally {
      if (this.#loading?.done === done) this.#loading = null;
    }
  }

  /**
   * Put the playhead there; resolves when its picture is shown, or none comes: whether the video shows any then.
   * @param {number} time of what is loaded
   * @returns {Promise<boolean>}
   */
  async moveTo(time) {
    const loaded = this.#loaded;
    const seeked = until(this.#video, "seeked", SEEK_MOST_MS);
    const frame = this.#frames.next(SEEK_MOST_MS);
    this.#video.currentTime = time + INTO_FRAME_S - (loaded?.from ?? 0);
    await seeked;
    const most_ms = this.#frames.hasShown ? SAME_FRAME_MS : FIRST_FRAME_MS;
    if (!(await Promise.race([frame, this.#frames.next(most_ms)]))) this.#frames.settle();
    if (loaded === this.#loaded) this.#isPlaced = true;
    return this.#frames.hasShown;
  }

  /**
   * Where a keyframe lies at or before `time`, as the playlist has it; where those are too rare, any frame.
   * @param {number} time
   * @param {number} speed
   */
  keyframeAt(time, speed) {
    const loaded = this.#loaded;
    const starts = this.#engine?.starts() ?? [];
    if (!loaded || starts.length === 0) return time;
    const wanted = time - loaded.from;
    const at = indexAt(starts, wanted);
    const start = starts[at]?.[0];
    if (start === undefined) return time;
    const apart_s = (starts[at + 1]?.[0] ?? start) - start;
    return apart_s / Math.abs(speed) > RARE_S ? time : loaded.from + start;
  }

  /** Frees the decoder. */
  release() {
    this.#engine?.close();
    this.#engine = null;
    this.#loaded = null;
    this.#loading = null;
  }

  close() {
    this.release();
    this.#frames.close();
  }

  /**
   * @param {Loaded} loaded
   * @param {number} time
   */
  #hasGrown(loaded, time) {
    const span =
      this.#recorded.spanAt(this.#cameraId, time) ?? this.#recorded.spanAt(this.#cameraId, loaded.end - 0.001);
    return !!span && span[1] > loaded.end + TAIL_S * 2 && performance.now() - loaded.at_ms > AGAIN_MS;
  }

  /**
   * @param {import("./window.js").Window} window
   * @param {number} time
   * @returns {Promise<boolean>}
   */
  async #open({ from, to }, time) {
    this.#engine ??= engineFor(this.#video, this.#told.failed);
    if (this.#engine === null) throw new EngineError("codec", "this browser plays no HLS");
    const engine = this.#engine;
    this.#told.empties();
    this.#loaded = null;
    this.#isPlaced = false;
    this.#frames.forget();
    engine.tune(this.#speed, this.#chosen);
    const end = Math.max(Math.min(to, this.#recorded.now()), time + 1);
    // Whole seconds, so that who asks twice asks the same.
    const query = `from=${from}&to=${Math.ceil(end)}`;
    await engine.load(`/api/1/camera/${encodeURIComponent(this.#cameraId)}/playlist.m3u8?${query}`, time - from);
    if (engine !== this.#engine) return false;
    this.#loaded = { from, to, end: from + engine.length_s(), at_ms: performance.now() };
    return true;
  }
}

/**
 * @param {EventTarget} target
 * @param {string} event
 * @param {number} most_ms
 * @returns {Promise<void>}
 */
function until(target, event, most_ms) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      target.removeEventListener(event, done);
      resolve();
    };
    const timer = setTimeout(done, most_ms);
    target.addEventListener(event, done);
  });
}
