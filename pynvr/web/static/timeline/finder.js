// @ts-check
/** Goes from moment to moment: rises of activity and edges of recordings, near ones first, over months if it must. */

import { ACTIVE, edges, joinedSpans, nearest, QUIET_S, rises } from "./search.js";
import { tileIndices, tileSpan } from "./tiles.js";

/** @typedef {import("./tiles.js").Tile} Tile */
/** @typedef {{time: number, cameraId: string}} Found */

/** Searches end this far from where they began. */
const SEARCH_S = 92 * 86_400;
const SEARCH_TILES = 3;

export class Finder {
  #tiles;
  #now;

  /**
   * @param {(cameraIds: string[], resolution: number, indices: number[]) => Promise<Tile[]>} tiles in order of camera and
   *   time, loaded where they weren't yet
   * @param {() => number} now epoch seconds
   */
  constructor(tiles, now) {
    this.#tiles = tiles;
    this.#now = now;
  }

  /**
   * The next (dir 1) or previous (dir -1) rise of activity in any of the cameras; null if there is none.
   * @param {string[]} cameraIds
   * @param {number} t
   * @param {number} dir
   * @returns {Promise<Found | null>}
   */
  async activity(cameraIds, t, dir) {
    // The finest level near by, then coarser ones that reach further; what those find is looked up in the finest.
    for (const [resolution, reach] of [[1, 2_048], [20, 200_000], [300, SEARCH_S]]) {
      const found = await this.#search(cameraIds, t, dir, resolution, reach, (tiles) => {
        const [from, activity] = joinedActivity(tiles, resolution);
        return rises(activity, from, resolution);
      });
      if (!found) continue;
      return resolution === 1 ? found : await this.#refined(found, resolution, t, dir);
    }
    return null;
  }

  /**
   * The next (dir 1) or previous (dir -1) start or end of a recording in any of the cameras; null if there is none.
   * @param {string[]} cameraIds
   * @param {number} t
   * @param {number} dir
   * @returns {Promise<Found | null>}
   */
  async edge(cameraIds, t, dir) {
    for (const [resolution, reach] of [[10, 40_000], [300, SEARCH_S]]) {
      const found = await this.#search(cameraIds, t, dir, resolution, reach, (tiles) => {
        const last = tiles[tiles.length - 1];
        // The end of what is recorded so far is no edge.
        const until = Math.min(last.to, last.known - 60);
        return edges(joinedSpans(tiles.map((tile) => tile.spans)), tiles[0].from, until);
      });
      if (found) return found;
    }
    return null;
  }

  /**
   * Goes through the tiles of one level, away from `t`, until one of the cameras has what `instantsOf` finds.
   * @param {string[]} cameraIds
   * @param {number} t
   * @param {number} dir
   * @param {number} resolution
   * @param {number} reach seconds
   * @param {(tiles: Tile[]) => number[]} instantsOf
   * @returns {Promise<Found | null>}
   */
  async #search(cameraIds, t, dir, resolution, reach, instantsOf) {
    const span = tileSpan(resolution);
    const here = Math.floor(t / span);
    const last = Math.floor(Math.min(t + reach, this.#now()) / span);
    const first = Math.floor(Math.max(t - reach, 0) / span);
    for (let done = 0; ; done += SEARCH_TILES) {
      // One tile more at the near side: quiet before it, and an edge that lies on the border of two.
      const near = here + dir * (done - 1);
      const far = here + dir * (done + SEARCH_TILES - 1);
      const low = Math.max(first - 1, Math.min(near, far));
      const high = Math.min(last, Math.max(near, far));
      if (low > high || (dir < 0 && high < first)) return null;
      const indices = Array.from({ length: high - low + 1 }, (_, number) => low + number);
      const tiles = await this.#tiles(cameraIds, resolution, indices);
      /** @type {Found | null} */
      let best = null;
      for (const cameraId of cameraIds) {
        const own = tiles.filter((tile) => tile.cameraId === cameraId);
        const time = nearest(instantsOf(own), t, dir);
        if (time !== null && (best === null || (time - best.time) * dir < 0)) best = { time, cameraId };
      }
      if (best) return best;
      if (dir > 0 ? high >= last : low <= first) return null;
    }
  }

  /**
   * The same rise to the second.
   * @param {Found} found
   * @param {number} resolution at which it was found
   * @param {number} t
   * @param {number} dir
   * @returns {Promise<Found>}
   */
  async #refined(found, resolution, t, dir) {
    const from = found.time - Math.max(resolution, QUIET_S);
    const to = found.time + resolution;
    const tiles = await this.#tiles([found.cameraId], 1, tileIndices(1, from, to));
    const [start, activity] = joinedActivity(tiles, 1);
    const exact = rises(activity, start, 1).filter((time) => time >= found.time && time < to);
    const time = nearest(exact, t, dir) ?? firstActive(activity, start, found.time, to) ?? found.time;
    return { time, cameraId: found.cameraId };
  }
}

/**
 * @param {Tile[]} tiles neighbours, in order
 * @param {number} resolution
 * @returns {[number, Uint8Array]}
 */
function joinedActivity(tiles, resolution) {
  if (!tiles.length) return [0, new Uint8Array()];
  const from = tiles[0].from;
  const last = tiles[tiles.length - 1];
  const joined = new Uint8Array(Math.round((last.to - from) / resolution)).fill(255);
  for (const tile of tiles) joined.set(tile.activity, Math.round((tile.from - from) / resolution));
  return [from, joined];
}

/**
 * @param {Uint8Array} activity a byte a second
 * @param {number} start
 * @param {number} from
 * @param {number} to
 */
function firstActive(activity, start, from, to) {
  for (let t = from; t < to; t++) {
    const value = activity[t - start];
    if (value !== undefined && value !== 255 && value >= ACTIVE) return t;
  }
  return null;
}
