// @ts-check
/**
 * The timeline in tiles: for each resolution of a ladder, aligned stretches of 1024 buckets. Which tiles a view needs,
 * how an answer of `/api/1/timeline` is cut into them, and what to show while some are missing. Pure.
 */

import { gapCause } from "../shell/words.js";

/** @typedef {[number, number]} Span start, end */
/** @typedef {[number, number, string, string]} Gap start, end, cause, detail */
/**
 * @typedef {{id: number | string, start: number, end: number, reason?: string, label?: string, kind?: string, viewed?: boolean,
 *   time?: number, status?: string}} Mark
 *   a keep, a tag, an alert, or an incident (`time`: its moment, between the ends of its clip)
 */
/** @typedef {[number, number, string]} Seen start, end, kind of what was detected */
/**
 * @typedef {object} Tile
 * @property {string} cameraId
 * @property {number} resolution seconds a bucket
 * @property {number} from
 * @property {number} to
 * @property {Span[]} spans recorded, oldest first
 * @property {Gap[]} gaps
 * @property {Uint8Array} activity a byte a bucket, 0 to 254, `NONE` where nothing was recorded; may be short
 * @property {Mark[]} keeps
 * @property {Mark[]} tags
 * @property {Mark[]} alerts
 * @property {Mark[]} incidents
 * @property {Seen[]} detections
 * @property {number} known nothing is known after this instant (the server's clock when it answered)
 * @property {number} loadedAt ms of the loader's clock
 */
/** @typedef {{cameraId: string, resolution: number, index: number}} Address */
/** @typedef {{from: number, to: number, tile: Tile | null}} Piece what to draw between two instants; null: not loaded */
/**
 * @typedef {object} Answer the payload of `/api/1/timeline`
 * @property {number} from
 * @property {number} to
 * @property {number} resolution
 * @property {string} timezone
 * @property {number} now
 * @property {Record<string, CameraAnswer>} cameras
 */
/**
 * @typedef {object} CameraAnswer
 * @property {Span[]} spans
 * @property {Gap[]} gaps
 * @property {string | (number | null)[]} activity base64 of a byte a bucket, or numbers 0..1
 * @property {Mark[]} keeps
 * @property {Mark[]} tags
 * @property {Mark[]} [alerts]
 * @property {Mark[]} [incidents]
 * @property {Seen[]} [detections]
 */

/** Seconds a bucket. Each is 2 to 3 times the one before: a view of 1,500 pixels needs 2 to 5 tiles. */
export const LADDER = [1, 2, 5, 10, 20, 60, 120, 300, 600, 1200, 3600, 7200, 14_400];
export const BUCKETS = 1024;
export const NONE = 255;
export const FULL = 254;

/**
 * The coarsest resolution that still gives each pixel a bucket of its own.
 * @param {number} secondsPerPixel
 */
export function resolutionFor(secondsPerPixel) {
  return LADDER.filter((resolution) => resolution <= secondsPerPixel * 1.01).at(-1) ?? LADDER[0];
}

/** @param {number} resolution */
export function tileSpan(resolution) {
  return resolution * BUCKETS;
}

/** @param {Address} address */
export function keyOf({ cameraId, resolution, index }) {
  return `${resolution}/${index}/${cameraId}`;
}

/**
 * Numbers of the tiles that overlap `[from, to)`.
 * @param {number} resolution
 * @param {number} from
 * @param {number} to
 */
export function tileIndices(resolution, from, to) {
  const span = tileSpan(resolution);
  /** @type {number[]} */
  const found = [];
  for (let index = Math.floor(from / span); index * span < to; index++) found.push(index);
  return found;
}

/**
 * @typedef {{resolution: number, from: number, to: number, cameraIds: string[], indices: number[]}} Batch one request
 */

/** A request asks for at most so many tiles of one camera, so that the first answer comes soon. */
const BATCH_TILES = 3;

/**
 * Missing tiles as few requests: neighbours with the same cameras together.
 * @param {Address[]} missing
 * @returns {Batch[]}
 */
export function batches(missing) {
  /** @type {Map<string, {resolution: number, index: number, cameraIds: string[]}>} */
  const columns = new Map();
  for (const { cameraId, resolution, index } of missing) {
    const key = `${resolution}/${index}`;
    const column = columns.get(key) ?? { resolution, index, cameraIds: [] };
    column.cameraIds.push(cameraId);
    columns.set(key, column);
  }
  /** @type {Batch[]} */
  const found = [];
  for (const { resolution, index, cameraIds } of [...columns.values()].sort((a, b) => a.index - b.index)) {
    const span = tileSpan(resolution);
    const last = found.find((batch) => batch.resolution === resolution && batch.to === index * span
      && batch.indices.length < BATCH_TILES && batch.cameraIds.join() === cameraIds.join());
    if (last) {
      last.to = (index + 1) * span;
      last.indices.push(index);
    } else {
      found.push({ resolution, from: index * span, to: (index + 1) * span, cameraIds, indices: [index] });
    }
  }
  return found;
}

/**
 * An answer cut into tiles; a camera the server doesn't know gets empty ones.
 * @param {Batch} batch what was asked for
 * @param {Answer} answer
 * @param {number} loadedAt ms
 * @returns {Tile[]}
 */
export function cut(batch, answer, loadedAt) {
  const span = tileSpan(batch.resolution);
  return batch.cameraIds.flatMap((cameraId) => {
    const camera = answer.cameras[cameraId];
    const activity = activityBytes(camera?.activity ?? []);
    return batch.indices.map((index) => {
      const from = index * span;
      const to = from + span;
      const first = Math.round((from - answer.from) / batch.resolution);
      return {
        cameraId, resolution: batch.resolution, from, to, loadedAt,
        known: answer.now,
        spans: clipped(camera?.spans ?? [], from, to),
        gaps: clipped(camera?.gaps ?? [], from, to).map(told),
        activity: activity.slice(Math.max(0, first), Math.max(0, first + BUCKETS)),
        keeps: overlapping(camera?.keeps ?? [], from, to),
        tags: overlapping(camera?.tags ?? [], from, to),
        alerts: overlapping(camera?.alerts ?? [], from, to),
        incidents: overlapping(camera?.incidents ?? [], from, to),
        detections: (camera?.detections ?? []).filter(([start, end]) => start < to && end >= from),
      };
    });
  });
}

/**
 * @template {[number, number, ...unknown[]]} T
 * @param {T[]} stretches
 * @param {number} from
 * @param {number} to
 * @returns {T[]}
 */
function clipped(stretches, from, to) {
  /** @type {T[]} */
  const found = [];
  for (const stretch of stretches) {
    if (stretch[1] <= from || stretch[0] >= to) continue;
    const [start, end, ...rest] = stretch;
    found.push(/** @type {T} */ ([Math.max(start, from), Math.min(end, to), ...rest]));
  }
  return found;
}

/** @param {Gap} gap @returns {Gap} */
function told([start, end, cause, detail]) {
  return [start, end, gapCause(cause, detail), detail];
}

/**
 * @param {Mark[]} marks
 * @param {number} from
 * @param {number} to
 */
function overlapping(marks, from, to) {
  return marks.filter((mark) => mark.start < to && (mark.end > from || mark.start >= from));
}

/**
 * @param {string | (number | null)[]} activity
 * @returns {Uint8Array}
 */
export function activityBytes(activity) {
  if (typeof activity === "string") return Uint8Array.from(atob(activity), (letter) => letter.charCodeAt(0));
  return Uint8Array.from(activity, (value) => (value === null ? NONE : Math.round(Math.min(1, Math.max(0, value)) * FULL)));
}

/** A finer level stands in for a coarser one only if it takes no more tiles than this. */
const FINER_TILES = 40;

/**
 * What there is to draw of a camera between two instants: the wanted resolution where it is loaded, else the next
 * coarser one that is, else a finer one, else nothing. In order of time.
 * @param {(key: string) => Tile | undefined} tileOf
 * @param {string} cameraId
 * @param {number} from
 * @param {number} to
 * @param {number} resolution
 * @returns {Piece[]}
 */
export function pieces(tileOf, cameraId, from, to, resolution) {
  const wanted = LADDER.indexOf(resolution);
  const order = [...LADDER.slice(wanted), ...LADDER.slice(0, wanted).reverse()];
  /** @type {Piece[]} */
  const found = [];
  /** @type {Span[]} */
  let open = [[from, to]];
  for (const level of order) {
    /** @type {Span[]} */
    const left = [];
    for (const [start, end] of open) {
      if ((end - start) / tileSpan(level) > FINER_TILES) {
        left.push([start, end]);
        continue;
      }
      for (const index of tileIndices(level, start, end)) {
        const tile = tileOf(keyOf({ cameraId, resolution: level, index }));
        const first = Math.max(start, index * tileSpan(level));
        const last = Math.min(end, (index + 1) * tileSpan(level));
        if (tile) found.push({ from: first, to: last, tile });
        else if (left.length && left[left.length - 1][1] === first) left[left.length - 1][1] = last;
        else left.push([first, last]);
      }
    }
    open = left;
    if (!open.length) break;
  }
  for (const [start, end] of open) found.push({ from: start, to: end, tile: null });
  return found.sort((a, b) => a.from - b.from);
}
