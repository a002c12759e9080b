// @ts-check
/** Level of detail: what has to be drawn for each pixel, however much lies in it. Pure. */

import { FULL, NONE } from "./tiles.js";

/** Less is the encoder's breathing: as a line under everything it would say nothing. */
export const LEAST = FULL * 0.04;

/** @typedef {import("./tiles.js").Piece} Piece */
/** @typedef {import("./tiles.js").Gap} Gap */
/** @typedef {{start: number, end: number, cause: string, detail: string}} Shown a gap in pixels */

/**
 * The most active bucket of each column of pixels, 0 to 254; 0 where nothing is known.
 *
 * A column's edges are rounded to buckets such that every bucket is looked at by one column at least: a second of
 * activity stays visible in a month.
 * @param {Piece[]} pieces
 * @param {{from: number, secondsPerPixel: number}} scale `from`: the instant of the first column's left edge
 * @param {Uint8Array} columns is filled
 */
export function fillColumns(pieces, { from, secondsPerPixel }, columns) {
  columns.fill(0);
  for (const { tile, from: start, to: end } of pieces) {
    if (!tile) continue;
    const { activity, resolution } = tile;
    const first = Math.max(0, Math.floor((start - from) / secondsPerPixel));
    const last = Math.min(columns.length - 1, Math.ceil((end - from) / secondsPerPixel) - 1);
    for (let column = first; column <= last; column++) {
      const t = from + column * secondsPerPixel;
      const low = Math.max(0, Math.floor((Math.max(t, start) - tile.from) / resolution + 1e-6));
      const high = Math.ceil((Math.min(t + secondsPerPixel, end) - tile.from) / resolution - 1e-6);
      let most = columns[column];
      for (let index = low; index < high && index < activity.length; index++) {
        const value = activity[index];
        if (value !== NONE && value > most) most = value;
      }
      columns[column] = most;
    }
  }
}

/**
 * The most activity in a stretch of time, as a share of the most there can be; 0 where no bar
 * is drawn.
 * @param {Piece[]} pieces
 * @param {number} from
 * @param {number} to
 */
export function mostActive(pieces, from, to) {
  const column = new Uint8Array(1);
  fillColumns(pieces, { from, secondsPerPixel: to - from }, column);
  return column[0] < LEAST ? 0 : column[0] / FULL;
}

/**
 * Stretches of time as runs of pixels, touching ones joined; what is shorter than a pixel fills the one it lies in.
 * @param {Iterable<readonly [number, number, ...unknown[]]>} stretches in order of time
 * @param {{x: (t: number) => number}} scale
 * @param {number} left
 * @param {number} right
 * @returns {[number, number][]}
 */
export function runs(stretches, scale, left, right) {
  /** @type {[number, number][]} */
  const found = [];
  for (const [from, to] of stretches) {
    const first = Math.round(scale.x(from));
    const start = Math.max(left, first);
    const end = Math.min(right, Math.max(first + 1, Math.round(scale.x(to))));
    if (end <= start) continue;
    const last = found.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}

/**
 * The gaps of all pieces, those that a tile's border has cut put together again.
 * @param {Piece[]} pieces
 * @returns {Gap[]}
 */
export function joinedGaps(pieces) {
  /** @type {Gap[]} */
  const found = [];
  for (const { tile, from, to } of pieces) {
    for (const [start, end, cause, detail] of tile?.gaps ?? []) {
      if (end <= from || start >= to) continue;
      const last = found.at(-1);
      const first = Math.max(start, from);
      if (last && last[2] === cause && last[1] === first) last[1] = Math.min(end, to);
      else found.push([first, Math.min(end, to), cause, detail]);
    }
  }
  return found;
}

/**
 * The marks of all pieces, each once.
 * @param {Piece[]} pieces
 * @param {"keeps" | "tags" | "alerts" | "incidents"} kind
 */
export function marks(pieces, kind) {
  /** @type {Map<string, import("./tiles.js").Mark>} */
  const found = new Map();
  for (const { tile } of pieces) for (const mark of tile?.[kind] ?? []) found.set(String(mark.id), mark);
  return [...found.values()].sort((a, b) => a.start - b.start);
}

/**
 * When something was detected, of whatever kind, in order of time.
 * @param {Piece[]} pieces
 * @returns {[number, number][]}
 */
export function seen(pieces) {
  return pieces
    .flatMap(({ tile, from, to }) => (tile?.detections ?? []).filter(([start, end]) => start < to && end >= from))
    .map(([start, end]) => /** @type {[number, number]} */ ([start, end]))
    .sort((one, other) => one[0] - other[0]);
}

/** What reaches so near to the end of what was known then, was being recorded. */
export const EDGE_S = 1;
/** For so long after an answer recording is taken to have gone on. */
const TRUSTED_S = 30;

/**
 * @param {Piece[]} pieces
 * @param {number} [now] what was being recorded when a tile was loaded is drawn up to then: the next answer is seconds away
 * @returns {[number, number][]} recorded, in order of time, as the pieces limit it
 */
export function recorded(pieces, now = -Infinity) {
  return pieces.flatMap(({ tile, from, to }) => (tile?.spans ?? [])
    .filter(([start, end]) => end > from && start < to)
    .map(([start, end]) => {
      const goesOn = tile && end > tile.known - EDGE_S && now > tile.known && now < tile.known + TRUSTED_S;
      return /** @type {[number, number]} */ ([Math.max(start, from), Math.min(goesOn ? now : end, to)]);
    }));
}
