// @ts-check
/** Where the page opens when its address doesn't say: near the end of what is recorded, or where that has just begun. Pure. */

/** @typedef {import("./catalogue.js").Extent} Extent */

/** The first moment shown lies so far before the end of what is recorded. */
const BEFORE_END_S = 10;
/** What ended so little before the last of all is being recorded, too. */
const TOGETHER_S = 20;
/** No rounding puts it before the first frame. */
const INTO_S = 0.05;
/** What the axis shows at first, at most and at least, and how much of it lies behind the moment. */
const VIEW_MOST_S = 2 * 3600;
const VIEW_LEAST_S = 240;
const AHEAD = 1 / 12;
/** Of an archive this young the page says that it has just begun. */
const YOUNG_S = 60;

/**
 * The moment, such that as many cameras as can be show a picture; null: nothing is recorded of any.
 * @param {Iterable<Extent>} extents
 */
export function openingMoment(extents) {
  const last = [...extents].flatMap(({ ranges }) => ranges.slice(-1));
  if (last.length === 0) return null;
  const end = Math.max(...last.map(([, until]) => until));
  const starts = last.filter(([, until]) => until > end - TOGETHER_S).map(([start]) => start);
  // A camera that is there for less than that begins a little later.
  return Math.min(end, Math.max(end - BEFORE_END_S, ...starts.map((start) => start + INTO_S)));
}

/**
 * What the axis shows around it: of a young archive all, else the last hours.
 * @param {Iterable<Extent>} extents
 * @param {number} time
 * @param {number} now
 */
export function openingView(extents, time, now) {
  const began = beginning(extents) ?? now;
  // The first minutes: there is room to see them grow.
  if (now - began < VIEW_LEAST_S / 2) return { from: began - VIEW_LEAST_S * AHEAD, to: began + VIEW_LEAST_S * (1 - AHEAD) };
  const span = Math.min(VIEW_MOST_S, Math.max(VIEW_LEAST_S, (now - began) * 1.5));
  const to = time + span * AHEAD;
  return { from: to - span, to };
}

/**
 * Whether recording has begun within the last minute, of all cameras.
 * @param {Iterable<Extent>} extents
 * @param {number} now
 */
export function isYoung(extents, now) {
  const began = beginning(extents);
  return began !== null && now - began < YOUNG_S;
}

/** @param {Iterable<Extent>} extents */
function beginning(extents) {
  const firsts = [...extents].flatMap(({ first }) => (first === null ? [] : [first]));
  return firsts.length ? Math.min(...firsts) : null;
}
