// @ts-check
/** Searching the bytes of activity and the edges of recorded spans. Pure. */

import { NONE } from "./tiles.js";

/** @typedef {import("./tiles.js").Tile} Tile */
/** @typedef {import("./tiles.js").Span} Span */

/** Something happens from 0.25 on (the inter frames are 1.7 times what noise explains), and is over below 0.12. */
export const ACTIVE = 64;
export const QUIET = 30;
/** Only a rise after so much quiet is a new event. */
export const QUIET_S = 4;

/**
 * The rises of activity in a run of buckets: instants of the first active bucket after enough quiet.
 *
 * What comes before the run counts as quiet, so a caller gives more than it wants.
 * @param {Uint8Array} activity
 * @param {number} from instant of the first bucket
 * @param {number} resolution seconds a bucket
 * @returns {number[]}
 */
export function rises(activity, from, resolution) {
  const needed = Math.max(1, Math.ceil(QUIET_S / resolution));
  /** @type {number[]} */
  const found = [];
  let quiet = needed;
  for (let index = 0; index < activity.length; index++) {
    const value = activity[index];
    if (value === NONE || value < QUIET) {
      quiet++;
    } else if (value < ACTIVE) {
      // Neither quiet nor an event: a rise in its middle still counts as one that has begun.
      if (quiet < needed) quiet = 0;
    } else {
      if (quiet >= needed) found.push(from + index * resolution);
      quiet = 0;
    }
  }
  return found;
}

/**
 * The nearest of some instants after (dir 1) or before (dir -1) an instant; null if there is none.
 * @param {number[]} instants
 * @param {number} t
 * @param {number} dir
 * @returns {number | null}
 */
export function nearest(instants, t, dir) {
  const beyond = instants.filter((each) => (dir > 0 ? each > t + 1e-3 : each < t - 1e-3));
  if (!beyond.length) return null;
  return dir > 0 ? Math.min(...beyond) : Math.max(...beyond);
}

/**
 * Spans of neighbouring tiles as one list, touching ones joined.
 * @param {Span[][]} lists in order of time
 * @param {number} [within] seconds that still touch
 * @returns {Span[]}
 */
export function joinedSpans(lists, within = 0.001) {
  /** @type {Span[]} */
  const found = [];
  for (const [start, end] of lists.flat()) {
    const last = found[found.length - 1];
    if (last && start - last[1] <= within) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}

/**
 * The starts and ends of spans, but not those that the ends of what was looked at make.
 * @param {Span[]} spans
 * @param {number} from
 * @param {number} to
 */
export function edges(spans, from, to) {
  return spans.flatMap(([start, end]) => [start, end]).filter((t) => t > from && t < to);
}
