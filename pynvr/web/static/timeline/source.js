// @ts-check
/**
 * What the axis shows, loaded from `/api/1/timeline`: several cameras in a request, tiles kept, what nobody waits for
 * any more cancelled, the tiles that hold "now" and all that is old asked for again while they are looked at.
 *
 * Fires `change` when there is something new to draw.
 */

import { gapName } from "../shell/words.js";
import { Finder } from "./finder.js";
import { EDGE_S } from "./columns.js";
import { TileCache } from "./tile_cache.js";
import { batches, cut, keyOf, LADDER, pieces, tileIndices, tileSpan } from "./tiles.js";
import { Zone } from "./zone.js";

/** @typedef {import("./tiles.js").Tile} Tile */
/** @typedef {import("./tiles.js").Address} Address */
/** @typedef {import("./tiles.js").Batch} Batch */
/** @typedef {import("./tiles.js").Answer} Answer */
/** @typedef {import("./tiles.js").Piece} Piece */
/** @typedef {(path: string, options?: {signal?: AbortSignal}) => Promise<any>} Get answers the payload; `api.get` of the shell */
/** @typedef {{start: number, end: number, cause: string, detail: string, words: string}} GapFound `words`: the cause for people */
/** @typedef {import("./finder.js").Found} Found */

const KEPT_TILES = 4_000;
const REQUESTS_AT_ONCE = 2;
/** A view that still moves isn't asked for until it rested this long, except the very first. */
const SETTLE_MS = 60;
const OLD_MS = 600_000;
/** Of what is wanted beside the view: a tile holds some hours. */
const BESIDE_RESOLUTION = 20;
const RETRY_MS = 2_000;
const RETRY_MOST_MS = 30_000;

export class TimelineSource extends EventTarget {
  #cache = new TileCache(KEPT_TILES);
  #get;
  #clock;
  /** @type {Map<string, Address>} what the axis shows now */
  #wanted = new Map();
  /** @type {Map<AbortController, {batch: Batch, keys: string[]}>} */
  #running = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #timerAt = Infinity;
  #beside = /** @type {Set<string>} */ (new Set());
  #failures = 0;
  #skew = 0;
  #closed = false;

  /**
   * @param {{get: Get, timezone?: string, clock?: () => number}} options `timezone`: until the server names its own;
   *   `clock`: ms, for tests
   */
  constructor({ get, timezone = "UTC", clock = Date.now }) {
    super();
    this.#get = get;
    this.#clock = clock;
    this.zone = new Zone(timezone);
    /** What went wrong last, in words; "" if the last request went well. */
    this.problem = "";
  }

  /** The server's clock, epoch seconds. */
  now() {
    return this.#clock() / 1000 + this.#skew;
  }

  get loading() {
    return this.#running.size > 0;
  }

  /**
   * Says what is looked at; loads what is missing of it and cancels the rest.
   * @param {string[]} cameraIds
   * @param {number} from
   * @param {number} to
   * @param {number} resolution of the ladder
   */
  want(cameraIds, from, to, resolution) {
    const end = Math.min(to, this.now() + resolution);
    /** @type {Map<string, Address>} */
    const wanted = new Map();
    for (const index of tileIndices(resolution, from, Math.max(from, end))) {
      for (const cameraId of cameraIds) {
        const address = { cameraId, resolution, index };
        wanted.set(keyOf(address), address);
      }
    }
    const same = wanted.size === this.#wanted.size && [...wanted.keys()].every((key) => this.#wanted.has(key));
    if (same) return;
    const first = this.#wanted.size === 0;
    this.#wanted = wanted;
    this.#cancelUnwanted();
    this.#wake(first ? 0 : SETTLE_MS);
  }

  /**
   * What can be drawn of a camera now, in order of time.
   * @param {string} cameraId
   * @param {number} from
   * @param {number} to
   * @param {number} resolution
   * @returns {Piece[]}
   */
  pieces(cameraId, from, to, resolution) {
    return pieces((key) => this.#cache.get(key), cameraId, from, to, resolution);
  }

  /**
   * Loads what lies between two instants of a camera, wherever the axis is; fires `change` when it is there.
   * @param {string} cameraId
   * @param {number} from
   * @param {number} to
   */
  async have(cameraId, from, to) {
    const indices = tileIndices(BESIDE_RESOLUTION, from, Math.min(to, this.now()));
    const key = `${cameraId} ${indices.join()}`;
    // Who asks again with each `change` must not cause one without news.
    const isDue = indices.some((index) => this.#due(this.#cache.peek(keyOf({ cameraId, resolution: BESIDE_RESOLUTION, index }))));
    if (this.#beside.has(key) || !isDue) return;
    this.#beside.add(key);
    try {
      await this.#tiles([cameraId], BESIDE_RESOLUTION, indices, undefined);
      this.dispatchEvent(new Event("change"));
    } catch {
      // Who still wants it asks again.
    } finally {
      this.#beside.delete(key);
    }
  }

  /** Asks again for all that is shown, and for the rest when it is shown next: after a keep or a tag was made. */
  refresh() {
    this.#cache.age(() => true);
    this.#wake(0);
  }

  /** Ends all requests and timers. */
  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const controller of this.#running.keys()) controller.abort();
  }

  /**
   * The recorded span that holds the instant, as far as it is loaded; null: nothing recorded; undefined: not known yet.
   * @param {string} cameraId
   * @param {number} t
   * @returns {{start: number, end: number} | null | undefined}
   */
  recordedAt(cameraId, t) {
    const tile = this.#finest(cameraId, t);
    if (!tile) return t > this.now() ? null : undefined;
    if (t >= tile.known) return t > this.now() ? null : undefined;
    const span = tile.spans.find(([start, end]) => t >= start && t < end);
    return span ? { start: span[0], end: span[1] } : null;
  }

  /**
   * The gap that holds the instant, as far as it is loaded; null if there is none there or nothing is known.
   * @param {string} cameraId
   * @param {number} t
   * @returns {GapFound | null}
   */
  gapAt(cameraId, t) {
    const tile = this.#finest(cameraId, t);
    const gap = tile?.gaps.find(([start, end]) => t >= start && t < end);
    if (!tile || !gap) return null;
    const [start, end, cause, detail] = this.#wholeGap(tile, gap);
    return { start, end, cause, detail, words: gapName(cause) };
  }

  /**
   * Whether the camera was being recorded at the last answer.
   * @param {string} cameraId
   */
  isRecording(cameraId) {
    const tile = this.#finest(cameraId, this.now());
    return !!tile && (tile.spans.at(-1)?.[1] ?? 0) > tile.known - EDGE_S;
  }

  /**
   * The next (dir 1) or previous (dir -1) rise of activity in any of the cameras; null if there is none.
   * @param {string[]} cameraIds
   * @param {number} t
   * @param {number} dir
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<Found | null>}
   */
  nextActivity(cameraIds, t, dir, { signal } = {}) {
    return this.#finder(signal).activity(cameraIds, t, dir);
  }

  /**
   * The next (dir 1) or previous (dir -1) start or end of a recording in any of the cameras; null if there is none.
   * @param {string[]} cameraIds
   * @param {number} t
   * @param {number} dir
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<Found | null>}
   */
  nextEdge(cameraIds, t, dir, { signal } = {}) {
    return this.#finder(signal).edge(cameraIds, t, dir);
  }

  /** @param {AbortSignal | undefined} signal */
  #finder(signal) {
    return new Finder((cameraIds, resolution, indices) => this.#tiles(cameraIds, resolution, indices, signal), () => this.now());
  }

  /**
   * Tiles in order of camera and time, out of the cache or loaded now.
   * @param {string[]} cameraIds
   * @param {number} resolution
   * @param {number[]} indices
   * @param {AbortSignal | undefined} signal
   * @returns {Promise<Tile[]>}
   */
  async #tiles(cameraIds, resolution, indices, signal) {
    const addresses = cameraIds.flatMap((cameraId) => indices.map((index) => ({ cameraId, resolution, index })));
    const missing = addresses.filter((address) => this.#due(this.#cache.peek(keyOf(address))));
    await Promise.all(batches(missing).map((batch) => this.#load(batch, signal)));
    return addresses.flatMap((address) => this.#cache.get(keyOf(address)) ?? []);
  }

  /**
   * @param {Batch} batch
   * @param {AbortSignal | undefined} signal
   */
  async #load({ ...batch }, signal) {
    const end = Math.min(batch.to, Math.ceil((this.now() + 1) / batch.resolution) * batch.resolution);
    const ids = batch.cameraIds.map(encodeURIComponent).join(",");
    const query = `camera_ids=${ids}&from=${batch.from}&to=${Math.max(end, batch.from + batch.resolution)}`;
    const path = `/api/1/timeline?${query}&resolution=${batch.resolution}&encoding=base64`;
    const asked = this.#clock();
    /** @type {Answer} */
    const answer = await this.#get(path, { signal });
    const answered = this.#clock();
    this.#skew = answer.now - (asked + answered) / 2000;
    if (answer.timezone && answer.timezone !== this.zone.name) this.zone = new Zone(answer.timezone);
    for (const tile of cut(batch, answer, answered)) {
      const index = Math.round(tile.from / tileSpan(tile.resolution));
      this.#cache.set(keyOf({ cameraId: tile.cameraId, resolution: tile.resolution, index }), tile);
    }
  }

  /**
   * Whether a tile has to be loaded: it isn't there, its time goes on, or it is old.
   * @param {Tile | undefined} tile
   */
  #due(tile) {
    return this.#clock() >= this.#dueAt(tile);
  }

  /** @param {Tile | undefined} tile */
  #dueAt(tile) {
    if (!tile) return -Infinity;
    return tile.loadedAt + (tile.known < tile.to ? liveMs(tile.resolution) : OLD_MS);
  }

  #cancelUnwanted() {
    for (const [controller, { keys }] of this.#running) {
      if (!keys.some((key) => this.#wanted.has(key))) controller.abort();
    }
  }

  /** @param {number} delayMs */
  #wake(delayMs) {
    const at = this.#clock() + delayMs;
    if (this.#closed || at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#pump(), delayMs);
  }

  #pump() {
    this.#timerAt = Infinity;
    if (this.#closed) return;
    if (typeof document !== "undefined" && document.hidden) {
      this.#wake(1_000);
      return;
    }
    const asked = new Set([...this.#running.values()].flatMap(({ keys }) => keys));
    const missing = [...this.#wanted].filter(([key]) => !asked.has(key) && this.#due(this.#cache.peek(key)));
    const next = batches(missing.map(([, address]) => address)).slice(0, REQUESTS_AT_ONCE - this.#running.size);
    for (const batch of next) this.#request(batch);
    if (next.length === 0 && this.#running.size === 0) this.#sleep();
  }

  /** Until the first of the shown tiles is due. */
  #sleep() {
    const due = [...this.#wanted.keys()].map((key) => this.#dueAt(this.#cache.peek(key)));
    if (due.length) this.#wake(Math.max(100, Math.min(...due) - this.#clock()));
  }

  /** @param {Batch} batch */
  async #request(batch) {
    const controller = new AbortController();
    const keys = batch.cameraIds.flatMap((cameraId) => batch.indices.map((index) => (
      keyOf({ cameraId, resolution: batch.resolution, index }))));
    this.#running.set(controller, { batch, keys });
    try {
      await this.#load(batch, controller.signal);
      this.#failures = 0;
      this.problem = "";
      this.#running.delete(controller);
      this.#wake(0);
    } catch (error) {
      this.#running.delete(controller);
      if (controller.signal.aborted) {
        this.#wake(0);
        return;
      }
      this.problem = error instanceof Error ? error.message : String(error);
      this.#failures += 1;
      // Not before: an earlier wake-up would ask at once again.
      clearTimeout(this.#timer);
      this.#timerAt = -Infinity;
      this.#timer = setTimeout(() => this.#pump(), Math.min(RETRY_MOST_MS, RETRY_MS * 2 ** (this.#failures - 1)));
    }
    this.dispatchEvent(new Event("change"));
  }

  /**
   * The finest tile that is loaded and holds the instant: of those that know it, else the one that knows most.
   * @param {string} cameraId
   * @param {number} t
   */
  #finest(cameraId, t) {
    /** @type {Tile | undefined} */
    let best;
    for (const resolution of LADDER) {
      const tile = this.#cache.peek(keyOf({ cameraId, resolution, index: Math.floor(t / tileSpan(resolution)) }));
      if (tile && t < tile.known) return tile;
      if (tile && (!best || tile.known > best.known)) best = tile;
    }
    return best;
  }

  /**
   * A gap that runs over the borders of its tile, as far as the neighbours are loaded.
   * @param {Tile} tile
   * @param {import("./tiles.js").Gap} gap
   * @returns {import("./tiles.js").Gap}
   */
  #wholeGap(tile, gap) {
    let [start, end, cause, detail] = gap;
    const { cameraId, resolution } = tile;
    const span = tileSpan(resolution);
    const gapsOf = (/** @type {number} */ index) => this.#cache.peek(keyOf({ cameraId, resolution, index }))?.gaps ?? [];
    for (let index = Math.round(start / span) - 1; start === (index + 1) * span; index--) {
      const before = gapsOf(index).find((each) => each[1] === start && each[2] === cause);
      if (!before) break;
      start = before[0];
    }
    for (let index = Math.round(end / span); end === index * span; index++) {
      const after = gapsOf(index).find((each) => each[0] === end && each[2] === cause);
      if (!after) break;
      end = after[1];
    }
    return [start, end, cause, detail];
  }
}

/**
 * How long a tile that holds "now" is good for.
 * @param {number} resolution
 */
function liveMs(resolution) {
  return Math.min(60_000, Math.max(5_000, resolution * 500));
}
