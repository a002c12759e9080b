// @ts-check
/** What is looked for when somebody asks when a part of the picture changed; where it is in the picture. Pure. */

import { formatDuration } from "../shell/time.js";

/**
 * @typedef {import("./take_away.js").Range} Range
 * @typedef {[number, number, number, number]} Box x, y, width, height as shares of the picture
 * @typedef {"appeared" | "vanished" | "changed"} Kind
 * @typedef {{time: number, confidence: number, kind: Kind, before_time: number, after_time: number, before_url: string,
 *   after_url: string, clip_url: string, exact: boolean, where?: Box}} Change
 * @typedef {{changes: Change[], from: number, to: number, looked_at: number, compared_with: number | null}} Changes
 * @typedef {{box: Box, from: number, to: number, at?: number, limit: number, all?: boolean}} Wish
 * @typedef {{left: number, top: number, width: number, height: number}} Place pixels
 * @typedef {{share: number, name: string, number: number, count: number}} Far what of this camera's time was looked through, 0 to
 *   1; `number`: how many cameras were before it, of `count`
 */

const DAY_S = 86_400;
/** A search reaches no further. */
const LONGEST_S = 31 * DAY_S;
/** The whole picture, for who asks what changed in it at all. */
export const WHOLE = /** @type {Box} */ ([0, 0, 1, 1]);
/** Where a box is that is placed by a key. */
export const MIDDLE = /** @type {Box} */ ([0.375, 0.35, 0.25, 0.3]);
/** A box that was drawn smaller was a slip of the hand. */
export const LEAST = 0.012;
const USUAL_LIMIT = 5;
const EVERY_LIMIT = 50;

/** How far is looked, where nobody knows when it was otherwise. */
export const REACHES = /** @type {const} */ ([
  { id: "before-1", words: "in the 24 hours before", days: -1 },
  { id: "before-7", words: "in the 7 days before", days: -7 },
  { id: "before-31", words: "in the 31 days before", days: -31 },
  { id: "after-1", words: "in the 24 hours after", days: 1 },
  { id: "after-7", words: "in the 7 days after", days: 7 },
]);

/** @typedef {typeof REACHES[number]["id"]} Reach */

/**
 * What is sent to find when the box became what it is at `at`, or, if it was otherwise only later, when it stopped to be so.
 * @param {Box} box
 * @param {number} at when it is so
 * @param {Reach | number} otherwise how far to look, or a moment at which it isn't so
 * @param {number} now
 * @returns {Wish}
 */
export function wishOf(box, at, otherwise, now) {
  const days = typeof otherwise === "number" ? 0 : (REACHES.find(({ id }) => id === otherwise)?.days ?? -1);
  const other = typeof otherwise === "number" ? otherwise : at + days * DAY_S;
  const common = { box, limit: USUAL_LIMIT };
  // The end isn't searched itself, and what is so at `at` has to be seen there.
  const [from, to] = other <= at ? [other, at + 1] : [at, other + 1];
  const end = Math.min(now, to);
  const span = { from: Math.max(1, from, end - LONGEST_S), to: end };
  return other <= at ? { ...common, ...span, at: Math.min(at, end) } : { ...common, ...span };
}

/**
 * What is sent for every lasting change.
 * @param {Box} box
 * @param {Range} range
 * @returns {Wish}
 */
export function everyWish(box, { from, to }) {
  return { box, from, to, limit: EVERY_LIMIT, all: true };
}

/**
 * Where a time is looked for that can be proposed: before `at`, or behind it as far as there is anything.
 * @param {Reach} reach
 * @param {number} at
 * @param {number} now
 * @returns {Range & {isLater: boolean}}
 */
export function proposalSpan(reach, at, now) {
  const days = REACHES.find(({ id }) => id === reach)?.days ?? -1;
  if (days > 0) return { from: at, to: Math.max(at, Math.min(now, at + days * DAY_S)), isLater: true };
  return { from: Math.max(1, at + days * DAY_S), to: at, isLater: false };
}

/**
 * How far can be looked: a reach is left out if a nearer one goes as far as there are recordings.
 * @param {number} at
 * @param {number | null} first when the first recording begins; null: not known
 * @param {number} now
 * @returns {Reach[]}
 */
export function reachesFrom(at, first, now) {
  return REACHES.filter(({ days }, place) => {
    const nearer = REACHES[place - 1]?.days ?? 0;
    if (Math.sign(nearer) !== Math.sign(days)) return true;
    const end = at + nearer * DAY_S;
    return days < 0 ? first === null || first < end : end < now;
  }).map(({ id }) => id);
}

/**
 * A search further away, where one found nothing.
 * @param {Reach | number} otherwise
 * @param {readonly Reach[]} offered
 * @returns {Reach | null}
 */
export function furtherThan(otherwise, offered) {
  const place = REACHES.findIndex(({ id }) => id === otherwise);
  const [one, next] = [REACHES[place], REACHES[place + 1]];
  const isFurther = place >= 0 && next !== undefined && Math.sign(next.days) === Math.sign(one.days);
  return isFurther && offered.includes(next.id) ? next.id : null;
}

/** @param {string} cameraId */
export function findAddress(cameraId) {
  return `/api/1/camera/${encodeURIComponent(cameraId)}/find-change?progress=1`;
}

/** @param {string} cameraId @param {Box} box @param {number} at @param {number} from */
export function beforeAddress(cameraId, box, at, from) {
  const query = new URLSearchParams({ box: box.join(","), at: at.toFixed(6), from: from.toFixed(6), progress: "1" });
  return `/api/1/camera/${encodeURIComponent(cameraId)}/find-change/before?${query}`;
}

/**
 * The rectangle between two corners, inside the picture.
 * @param {{x: number, y: number}} one
 * @param {{x: number, y: number}} other
 * @returns {Box}
 */
export function boxBetween(one, other) {
  const [left, right] = [one.x, other.x].map(inside).sort((a, b) => a - b);
  const [top, bottom] = [one.y, other.y].map(inside).sort((a, b) => a - b);
  return rounded([left, top, right - left, bottom - top]);
}

/** @param {Box} box */
export function isMeant([, , width, height]) {
  return width >= LEAST && height >= LEAST;
}

/** The same box elsewhere, as far as the picture goes. @param {Box} box @param {number} dx @param {number} dy @returns {Box} */
export function moved([x, y, width, height], dx, dy) {
  return rounded([between(x + dx, 0, 1 - width), between(y + dy, 0, 1 - height), width, height]);
}

/** A wider, higher box around the same middle. @param {Box} box @param {number} dx @param {number} dy @returns {Box} */
export function grown([x, y, width, height], dx, dy) {
  const [wide, high] = [between(width + dx, 2 * LEAST, 1), between(height + dy, 2 * LEAST, 1)];
  return rounded([
    between(x + (width - wide) / 2, 0, 1 - wide),
    between(y + (height - high) / 2, 0, 1 - high),
    wide,
    high,
  ]);
}

/**
 * Where a picture stands that is fitted into a place without being distorted.
 * @param {number} width of the place, pixels
 * @param {number} height
 * @param {number} aspect of the picture
 * @returns {Place}
 */
export function fitted(width, height, aspect) {
  const wide = Math.min(width, height * aspect);
  const high = wide / aspect;
  return { left: (width - wide) / 2, top: (height - high) / 2, width: wide, height: high };
}

/** A box is shown with so much around it, and no nearer than this. */
const AROUND = 2.2;
const NEAREST = 5;

/**
 * The part of a picture to be shown so that a box in it is seen well: as wide as it is high in shares, so that it has the
 * picture's form.
 * @param {Box} box
 * @returns {{x: number, y: number, size: number}} shares of the picture
 */
export function closeUp([x, y, width, height]) {
  const size = between(Math.max(width, height) * AROUND, 1 / NEAREST, 1);
  return {
    x: between(x + width / 2 - size / 2, 0, 1 - size),
    y: between(y + height / 2 - size / 2, 0, 1 - size),
    size,
  };
}

/** What somebody drew and what changed, together. @param {Box} box @param {Box} [other] @returns {Box} */
export function around([x, y, width, height], other) {
  if (!other) return [x, y, width, height];
  const [left, top] = [Math.min(x, other[0]), Math.min(y, other[1])];
  return [
    left,
    top,
    Math.max(x + width, other[0] + other[2]) - left,
    Math.max(y + height, other[1] + other[3]) - top,
  ];
}

/**
 * What stands in the picture about the box.
 * @param {{isTooSmall: boolean, isBoxed: boolean, elsewhere: string | null}} box `isTooSmall`: what was just drawn;
 *   `elsewhere`: the camera in whose picture there is one
 */
export function hintWords({ isTooSmall, isBoxed, elsewhere }) {
  if (isTooSmall) return isBoxed ? "Too small to look in; the box before it stays" : "Too small to look in; draw a larger box";
  if (isBoxed) return "";
  return elsewhere === null ? "Draw a box around what changed" : `The box is in ${elsewhere}'s picture; draw one here`;
}

/**
 * Where answers stand on the axis.
 * @param {readonly {camera: {id: string}, change: {time: number}}[]} found
 * @param {number | null} chosen index of one of them
 * @returns {import("../timeline/found.js").Found[]}
 */
export function marksOf(found, chosen) {
  return found.map(({ camera, change }, index) => ({ cameraId: camera.id, time: change.time, isChosen: index === chosen }));
}

/**
 * How far a search through so many seconds of each camera is.
 * @param {number} span
 * @param {Far} far
 */
export function farWords(span, { share, name, number, count }) {
  // Steps that can be read while they change.
  const step = span > 7200 ? 600 : span > 300 ? 60 : 1;
  const looked = Math.floor((share * span) / step) * step;
  const done = looked > 0 ? `${formatDuration(looked)} done` : "";
  if (count < 2) return done;
  return `${name}, camera ${number + 1} of ${count}${done && `: ${done}`}`;
}

/** @param {Kind} kind */
export function kindWords(kind) {
  return { appeared: "Appeared", vanished: "Vanished", changed: "Changed" }[kind] ?? "Changed";
}

/**
 * How clearly a change stands out; it says nothing of how likely it is one.
 * @param {number} confidence 0 to 1
 */
export function clearnessWords(confidence) {
  if (confidence >= 0.8) return "clear";
  if (confidence >= 0.5) return "less clear";
  return "faint";
}

/** @param {number} share */
const inside = (share) => between(share, 0, 1);

/** @param {number} value @param {number} least @param {number} most */
function between(value, least, most) {
  return Math.min(Math.max(value, least), Math.max(least, most));
}

/** A ten-thousandth is less than a pixel. @param {Box} box @returns {Box} */
function rounded([x, y, width, height]) {
  const [left, top] = [x, y].map((value) => Math.round(value * 10_000) / 10_000);
  const [wide, high] = [Math.min(width, 1 - left), Math.min(height, 1 - top)].map(
    (value) => Math.round(value * 10_000) / 10_000,
  );
  return [left, top, wide, high];
}
