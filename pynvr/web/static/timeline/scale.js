// @ts-check
/** Geometry of the axis: which instant stands at which pixel. Linear in UTC, so a day of 25 hours is longer. Pure. */

/** @typedef {{from: number, to: number}} View epoch seconds */

export const MIN_SPAN_S = 2;
export const MAX_SPAN_S = 92 * 86_400;

/** Of the view, this much stays in the past: nobody gets lost in the future. */
const PAST_SHARE = 0.1;
/** Zooming out brings no more than this of the future. */
const FUTURE_SHARE = 0.2;

export class Scale {
  /**
   * @param {View} view
   * @param {number} left CSS pixels of the first instant
   * @param {number} width CSS pixels
   */
  constructor(view, left, width) {
    this.from = view.from;
    this.to = view.to;
    this.left = left;
    this.width = Math.max(1, width);
    this.secondsPerPixel = (view.to - view.from) / this.width;
  }

  get right() {
    return this.left + this.width;
  }

  /** @param {number} t */
  x(t) {
    return this.left + (t - this.from) / this.secondsPerPixel;
  }

  /** @param {number} x */
  time(x) {
    return this.from + (x - this.left) * this.secondsPerPixel;
  }

  /** @param {number} x */
  timeInside(x) {
    return this.time(Math.min(this.right, Math.max(this.left, x)));
  }
}

/**
 * The nearest view that may be shown: not shorter or longer than the limits, not lost in the future.
 * @param {View} view
 * @param {number} now
 * @returns {View}
 */
export function allowed(view, now) {
  const span = Math.min(MAX_SPAN_S, Math.max(MIN_SPAN_S, view.to - view.from));
  const middle = (view.from + view.to) / 2;
  let from = span === view.to - view.from ? view.from : middle - span / 2;
  from = Math.max(0, Math.min(from, now - span * PAST_SHARE));
  return { from, to: from + span };
}

/**
 * Zoomed so that the instant `at` stays where it is, unless more of the future would come into view than there was: it
 * is empty. A factor below 1 shows less time.
 * @param {View} view
 * @param {number} factor
 * @param {number} at
 * @param {number} now
 */
export function zoomed(view, factor, at, now) {
  const span = view.to - view.from;
  const next = Math.min(MAX_SPAN_S, Math.max(MIN_SPAN_S, span * factor));
  const share = Math.max(FUTURE_SHARE, (view.to - now) / span);
  const from = Math.min(at - ((at - view.from) / span) * next, now - next * (1 - share));
  return allowed({ from, to: from + next }, now);
}

/**
 * @param {View} view
 * @param {number} seconds
 * @param {number} now
 */
export function panned(view, seconds, now) {
  return allowed({ from: view.from + seconds, to: view.to + seconds }, now);
}

/** Following keeps the cursor left of this share of the view, unless a person put it further right. */
const FOLLOW_SHARE = 0.85;

/**
 * The view that follows a playing cursor: slides along when it nears the end, centres it when it is elsewhere.
 * @param {View} view
 * @param {number} previous where the cursor was
 * @param {number} cursor
 * @param {number} now
 */
export function following(view, previous, cursor, now) {
  const span = view.to - view.from;
  if (cursor < view.from || cursor > view.to) return allowed({ from: cursor - span / 2, to: cursor + span / 2 }, now);
  const limit = Math.max(view.from + span * FOLLOW_SHARE, Math.min(previous, view.to));
  return cursor > limit ? panned(view, cursor - limit, now) : view;
}
