// @ts-check
/** Fragments of MP4 into a <video> by Media Source Extensions, always near the live edge. */

import { Distance, StreamClock, moveTo, toTrim } from "./edge.js";

/** Appended at once at most; the rest waits for its turn. */
const APPEND_BYTES = 2_000_000;
/** What waits while the browser can't take it: then there is no use in keeping it. */
const WAITING_BYTES = 24_000_000;
/** Waiting after the start or a jump says nothing of the line. */
const SETTLES_S = 3;

/** @type {typeof MediaSource | undefined} Safari on a phone has the managed form alone. */
const Source = /** @type {any} */ (globalThis).ManagedMediaSource ?? globalThis.MediaSource;

/** @param {string} mime */
export const canPlay = (mime) => Boolean(Source?.isTypeSupported(mime));

/** Fires `broken` when the browser gives up on what it was given: then `begin` again. */
export class LivePlayer extends EventTarget {
  clock = new StreamClock();
  #video;
  /** @type {MediaSource | null} */
  #source = null;
  /** @type {SourceBuffer | null} */
  #buffer = null;
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #waiting = [];
  #waitingBytes = 0;
  #distance = new Distance();
  #address = "";
  #movedAt = 0;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    super();
    this.#video = video;
    video.addEventListener("waiting", () => this.#dry());
    video.addEventListener("error", () => this.#break());
  }

  /** Another stream comes, of this type. @param {string} mime */
  begin(mime) {
    this.close();
    if (!Source) return;
    const source = new Source();
    this.#source = source;
    this.#movedAt = performance.now() / 1000;
    source.addEventListener("sourceopen", () => {
      if (this.#source !== source) return;
      try {
        source.duration = Infinity;
        this.#buffer = source.addSourceBuffer(mime);
      } catch {
        this.#break();
        return;
      }
      this.#buffer.addEventListener("updateend", () => this.#settle());
      this.#buffer.addEventListener("error", () => this.#break());
      this.#pump();
    });
    this.#video.disableRemotePlayback = true; // without it the managed form never opens
    this.#address = URL.createObjectURL(source);
    this.#video.src = this.#address;
    this.#play();
  }

  /** @param {Uint8Array<ArrayBuffer>} data an init segment or a fragment */
  append(data) {
    this.#waiting.push(data);
    this.#waitingBytes += data.length;
    if (this.#waitingBytes > WAITING_BYTES) this.#break();
    else this.#pump();
  }

  /** Now and then: keep to the edge. */
  tick() {
    const video = this.#video;
    const ranges = rangesOf(video.buffered);
    const { seek, rate } = moveTo(ranges, video.currentTime, this.#distance.seconds);
    if (seek !== null) {
      video.currentTime = seek;
      this.#movedAt = performance.now() / 1000;
    }
    if (video.playbackRate !== rate) video.playbackRate = rate;
    if (video.paused && ranges.length > 0) this.#play();
    if (video.readyState >= 3) this.#distance.well(performance.now() / 1000);
  }

  /** Wall time of the picture shown, epoch seconds; NaN while there is none. */
  get shown() {
    return this.#video.readyState >= 2 ? this.clock.wall(this.#video.currentTime) : NaN;
  }

  close() {
    this.#source = null;
    this.#buffer = null;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.clock.clear();
    if (this.#address) {
      URL.revokeObjectURL(this.#address);
      this.#address = "";
      this.#video.removeAttribute("src");
      this.#video.load();
    }
  }

  #pump() {
    const buffer = this.#buffer;
    if (!buffer || buffer.updating || this.#waiting.length === 0 || this.#source?.readyState !== "open") return;
    const data = joined(this.#waiting, APPEND_BYTES);
    try {
      buffer.appendBuffer(data.bytes);
    } catch (error) {
      if (error instanceof DOMException && error.name === "QuotaExceededError") this.#makeRoom(buffer);
      else this.#break();
      return;
    }
    this.#waiting.splice(0, data.count);
    this.#waitingBytes -= data.bytes.length;
  }

  #settle() {
    const buffer = this.#buffer;
    if (!buffer || buffer.updating) return;
    this.tick();
    const old = toTrim(rangesOf(buffer.buffered), this.#video.currentTime);
    if (old) buffer.remove(old.start, old.end);
    else this.#pump();
  }

  /** @param {SourceBuffer} buffer that is full */
  #makeRoom(buffer) {
    const ranges = rangesOf(buffer.buffered);
    const end = this.#video.currentTime - 0.5;
    const start = ranges[0]?.start ?? 0;
    if (end > start) buffer.remove(start, end);
    else this.#break();
  }

  /** It ran out of pictures: keep further away, unless it has only just begun. */
  #dry() {
    const now = performance.now() / 1000;
    if (now - this.#movedAt > SETTLES_S) this.#distance.dry(now);
  }

  #play() {
    // Muted video may always play; with sound, a browser may want a click first.
    this.#video.play().catch(() => undefined);
  }

  #break() {
    if (!this.#source) return;
    this.close();
    this.dispatchEvent(new Event("broken"));
  }
}

/** @param {TimeRanges} ranges */
function rangesOf(ranges) {
  return Array.from({ length: ranges.length }, (_, n) => ({ start: ranges.start(n), end: ranges.end(n) }));
}

/**
 * The first of them as one, not more than `most` bytes unless one alone is larger.
 * @param {Uint8Array<ArrayBuffer>[]} parts
 * @param {number} most
 */
export function joined(parts, most) {
  let count = 0;
  let length = 0;
  for (const part of parts) {
    if (count > 0 && length + part.length > most) break;
    length += part.length;
    count += 1;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts.slice(0, count)) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, count };
}
