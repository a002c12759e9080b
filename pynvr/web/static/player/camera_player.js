// @ts-check
/** One camera's recorded video: at an instant, playing, step by step; single pictures where the browser can't play it. */

import { EngineError } from "./engine.js";
import { correction } from "./step.js";
import { StillLayer } from "./still_layer.js";
import { windowAt } from "./window.js";
import { TAIL_S, WindowVideo } from "./window_video.js";

/** The video's `readyState` from which on the frame at its playhead is there. */
const HAS_FRAME = 2;
/** Farther from where it was sent the playhead didn't get there. */
const STRAY_S = 0.5;
/** A seek that takes longer shows a single picture meanwhile. */
const PATIENCE_MS = 150;
/** After a failure, before the next try. */
const REST_MS = 3000;

/**
 * @typedef {import("./recorded.js").Recorded} Recorded
 * @typedef {import("./pictures.js").Pictures} Pictures
 * @typedef {import("./causes.js").Gap} Gap
 * @typedef {{id: string, name: string}} Camera
 * @typedef {"off" | "loading" | "shown" | "gap" | "failed"} Condition
 * @typedef {object} Shared what all cameras of a page use together
 * @property {Recorded} recorded
 * @property {Pictures} pictures
 * @property {(path: string) => Promise<any>} get answers a payload. any: JSON
 */

/** Fires `change` when `condition`, `gap` or `playable` changed, or another picture came. */
export class CameraPlayer extends EventTarget {
  #shared;
  #video;
  #source;
  #still;
  #turn = 0;
  #busy = false;
  #correcting = false;
  #stepped = NaN;
  #wanted = NaN;
  #resting = false;
  #asked_codec = /** @type {number | null} beginning of the window */ (null);

  /**
   * @param {{video: HTMLVideoElement, still: HTMLCanvasElement}} surface
   * @param {Camera} camera
   * @param {Shared} shared
   */
  constructor({ video, still }, camera, shared) {
    super();
    this.camera = camera;
    this.#shared = shared;
    this.#video = video;
    this.#still = new StillLayer(still, camera.id, shared.pictures);
    this.#source = new WindowVideo(video, camera.id, shared.recorded, {
      empties: () => this.#still.freeze(video, this.#source.shown),
      failed: (failure) => this.#broke(failure),
    });
    /** The large one of the page. */
    this.chosen = false;
    /** Pixels across that a picture needs. */
    this.width = 480;
    /** @type {Condition} */
    this.condition = "off";
    /** @type {Gap | null} why there is no picture, where that is known */
    this.gap = null;
    /** Whether this browser plays what was recorded; else there are single pictures. */
    this.playable = true;
    /** Codec as a person calls it, where it can't be played. */
    this.codec = "";
  }

  get id() {
    return this.camera.id;
  }

  /** Whether the video moves on by itself now. */
  get flowing() {
    return this.playable && !this.#busy && !this.#video.paused && !this.#video.seeking && this.#video.readyState >= 3;
  }

  /** The instant of the playhead, NaN when no video is loaded. */
  get time() {
    return this.playable ? this.#source.time : NaN;
  }

  /** The instant of the frame that is shown, NaN when there is none. */
  get shown() {
    if (this.condition === "gap" || this.condition === "off") return NaN;
    if (this.#still.shown !== null) return this.#still.shown;
    return this.#source.shown;
  }

  /**
   * Show the instant, standing still. Resolves when its picture is there, or it is clear that there is none; false if
   * another wish overtook it.
   * @param {number} time
   * @returns {Promise<boolean>}
   */
  async seek(time) {
    const turn = ++this.#turn;
    this.#halt();
    this.#stepped = NaN;
    this.#wanted = time;
    this.#resting = false;
    if (this.#missing(time)) return true;
    this.#set("loading");
    if (!(await this.#canPlay(time))) return turn === this.#turn && this.#showStill(time, turn);
    const hurry = setTimeout(
      () => turn === this.#turn && void this.#still.show(time, this.width, false, this.chosen),
      PATIENCE_MS,
    );
    let hasPicture = false;
    try {
      this.#busy = true;
      this.#source.tune(1, this.chosen);
      if (!(await this.#source.load(time)) || turn !== this.#turn) return false;
      hasPicture = await this.#source.moveTo(time);
    } catch (error) {
      return this.#failed(error, time, turn);
    } finally {
      clearTimeout(hurry);
      if (turn === this.#turn) this.#busy = false;
    }
    if (turn !== this.#turn) return false;
    // At the end of what is being recorded, or without the server, the video may have no frame there, or stand elsewhere.
    const isThere = !this.#video.seeking && this.#video.readyState >= HAS_FRAME && Math.abs(this.time - time) < STRAY_S;
    if (!hasPicture || !isThere || this.#video.ended) return this.#showStill(time, turn);
    this.#still.hide();
    this.#set("shown");
    return true;
  }

  /**
   * While somebody drags: the nearest keyframe as a picture, as quickly as that goes; the video stays where it is.
   * @param {number} time
   */
  async preview(time) {
    const turn = ++this.#turn;
    this.#halt();
    this.#stepped = NaN;
    if (this.#missing(time)) return;
    const width = Math.min(this.width, this.chosen ? 800 : 320);
    if ((await this.#still.show(time, width, false, this.chosen)) && turn === this.#turn) this.#set("shown");
  }

  /**
   * Keep playing with the clock, which stands at `time`. `leads`: the clock follows this camera.
   * @param {number} time
   * @param {number} speed
   * @param {boolean} leads
   * @param {number} pace the share of the speed that the clock makes
   */
  follow(time, speed, leads, pace) {
    if (this.#missing(time)) return this.#halt();
    if (!this.playable) return this.#stills(time, speed);
    this.#wanted = time;
    if (this.#busy || this.#resting) return;
    this.#source.tune(speed, this.chosen);
    if (this.#source.isStale(time + TAIL_S * speed)) return this.#reach(time, TAIL_S * speed);
    const drift_s = this.time - time;
    // A seek that hls.js began (over a small hole) ends by itself; one to somewhere else may never, before a gap.
    if (this.#video.seeking && Math.abs(drift_s) < 1 * speed) return;
    const what =
      leads && Math.abs(drift_s) < 1 * speed ? { kind: "none" } : correction(drift_s, speed, this.#correcting, pace);
    if (what.kind === "seek") return this.#reach(time);
    this.#correcting = what.kind === "rate";
    const rate =
      what.kind === "rate" && "rate" in what ? /** @type {number} */ (what.rate) : leads ? speed : speed * pace;
    if (this.#video.playbackRate !== rate) this.#video.playbackRate = rate;
    if (this.#video.paused) void this.#video.play().catch(() => undefined);
    if (this.#still.shown !== null && this.#video.readyState >= 3 && this.#source.hasShown) this.#still.hide();
    if (this.condition !== "shown") this.#set("shown");
  }

  /**
   * Show what the clock passes, picture after picture, as many as can be had; with `keyframes` none but those.
   * @param {number} time
   * @param {number} speed
   * @param {boolean} keyframes
   */
  stepTo(time, speed, keyframes) {
    this.#halt();
    if (this.#missing(time)) return;
    if (!this.playable) return this.#stills(time, speed);
    this.#wanted = time;
    if (this.#busy || this.#resting) return;
    this.#source.tune(speed, this.chosen);
    const target = keyframes ? this.#source.keyframeAt(time, speed) : time;
    if (target === this.#stepped) return;
    this.#stepped = target;
    const turn = ++this.#turn;
    this.#busy = true;
    void this.#source
      .load(target)
      .then((ready) => (ready && turn === this.#turn ? this.#source.moveTo(target) : undefined))
      .then((hasPicture) => {
        if (turn !== this.#turn) return false;
        if (hasPicture === false) return this.#showStill(target, turn);
        this.#still.hide();
        this.#set("shown");
        return true;
      })
      .catch((error) => this.#failed(error, target, turn))
      .finally(() => {
        if (turn === this.#turn) this.#busy = false;
      });
  }

  pause() {
    this.#halt();
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.#video.muted = muted;
  }

  close() {
    this.#turn += 1;
    this.#halt();
    this.#source.close();
    this.#still.close();
    this.#set("off");
  }

  /** Frees the decoder; the picture stays. */
  #release() {
    this.#halt();
    this.#still.freeze(this.#video, this.#source.shown);
    this.#source.release();
    this.#busy = false;
  }

  #halt() {
    this.#correcting = false;
    if (!this.#video.paused) this.#video.pause();
  }

  /**
   * Whether nothing is recorded then; says so.
   * @param {number} time
   */
  #missing(time) {
    if (this.#shared.recorded.spanAt(this.id, time) !== null) return false;
    const gap = this.#shared.recorded.gapAt(this.id, time);
    this.#still.hide();
    if (this.condition !== "gap") {
      this.#turn += 1;
      this.#busy = false;
    }
    this.#set("gap", gap);
    return true;
  }

  /**
   * Go to where the clock is while it runs on.
   * @param {number} time
   * @param {number} [ahead_s]
   */
  #reach(time, ahead_s = 0) {
    const turn = ++this.#turn;
    this.#busy = true;
    this.#halt();
    void this.#source
      .load(time, ahead_s)
      .then((ready) => (ready && turn === this.#turn ? this.#source.moveTo(time) : undefined))
      .catch((error) => this.#failed(error, time, turn))
      .finally(() => {
        if (turn === this.#turn) this.#busy = false;
      });
  }

  /**
   * Whether this browser can play what was recorded then. Cameras seldom change their codec: what held for the last
   * window is believed at first, and put right when the answer comes.
   * @param {number} time
   */
  async #canPlay(time) {
    if (typeof MediaSource === "undefined") return this.playable;
    const { from, to } = windowAt(time);
    if (this.#asked_codec !== from) {
      const first = this.#asked_codec === null;
      this.#asked_codec = from;
      const asked = this.#askCodec(from, to);
      if (first) await asked;
    }
    return this.playable;
  }

  /** @param {number} from @param {number} to */
  async #askCodec(from, to) {
    try {
      const { renditions } = await this.#shared.get(
        `/api/1/camera/${encodeURIComponent(this.id)}/codecs?from=${from}&to=${to}`,
      );
      const strange = renditions.find((/** @type {{mime: string}} */ one) => !MediaSource.isTypeSupported(one.mime));
      if (renditions.length) this.#setPlayable(strange === undefined, strange?.codecs ?? "");
    } catch {
      // The player will find out by itself.
    }
  }

  /**
   * @param {number} time
   * @param {number} turn
   */
  async #showStill(time, turn) {
    const shown = await this.#still.show(time, this.width, true, this.chosen);
    if (turn !== this.#turn) return false;
    this.#set(shown ? "shown" : "failed");
    return true;
  }

  /** @param {number} time @param {number} speed */
  #stills(time, speed) {
    if (this.#still.busy) return;
    void this.#still
      .show(time, Math.min(this.width, 960), Math.abs(speed) <= 1, this.chosen)
      .then((shown) => shown && this.#set("shown"));
  }

  /**
   * @param {unknown} error
   * @param {number} time
   * @param {number} turn
   */
  #failed(error, time, turn) {
    if (turn !== this.#turn) return false;
    if (error instanceof EngineError && error.failure === "codec") this.#setPlayable(false, "");
    if (!this.playable) return this.#showStill(time, turn);
    this.#broke(error instanceof EngineError ? error.failure : "media");
    return true;
  }

  /** @param {import("./engine.js").Failure} failure */
  #broke(failure) {
    this.#turn += 1;
    this.#release();
    if (failure === "codec") return this.#setPlayable(false, "");
    this.#set("failed");
    const turn = this.#turn;
    this.#resting = true;
    setTimeout(() => {
      this.#resting = false;
      if (turn === this.#turn) void this.seek(this.#wanted);
    }, REST_MS);
  }

  /** @param {boolean} playable @param {string} codecs */
  #setPlayable(playable, codecs) {
    if (this.playable === playable) return;
    this.playable = playable;
    this.codec = /hvc1|hev1/.test(codecs) || codecs === "" ? "H.265" : codecs;
    if (!playable) this.#release();
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Condition} condition @param {Gap | null} [gap] */
  #set(condition, gap = null) {
    if (
      this.condition === condition &&
      condition !== "shown" &&
      this.gap?.start === gap?.start &&
      this.gap?.end === gap?.end
    )
      return;
    this.condition = condition;
    this.gap = gap;
    this.dispatchEvent(new Event("change"));
  }
}
