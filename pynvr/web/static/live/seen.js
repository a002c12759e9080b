// @ts-check
/** What detectors saw of late in one camera's pictures, and which of it belongs to the picture that is shown. Pure. */

/** A look is of the picture shown if it is no further ahead of it; then the box is where the thing is. */
const AHEAD_S = 0.15;
/** A picture is so much later than the look, and what moves is elsewhere; where only keyframes are looked at, seconds. */
const PAST_S = 0.5;
/** Looks come with each keyframe, or as often as was asked for: without news for this many of them it is over. */
const MISSED = 2.5;
const LEAST_S = 3;
const MOST_S = 20;
/** Before the second look nobody knows how often they come. */
const FIRST_S = 6;
const KEPT = 20;

/**
 * @typedef {{ x: number, y: number, width: number, height: number, confidence: number }} Box shares of the picture
 * @typedef {{ kind: string, boxes: Box[], isPast?: boolean }} Sight `isPast`: where it was, not where it is in the picture shown
 * @typedef {{ time: number, boxes: Box[], at: number }} Look `at`: when the page heard of it
 */

export class Seen {
  /** @type {Map<string, Look[]>} */
  #looks = new Map();

  /** @param {{ kind: string, time: number, boxes: Box[] }} look @param {number} now any clock, seconds */
  hear({ kind, time, boxes }, now) {
    const looks = this.#looks.get(kind) ?? [];
    looks.push({ time, boxes, at: now });
    this.#looks.set(kind, looks.slice(-KEPT));
  }

  clear() {
    this.#looks.clear();
  }

  /**
   * What is to be seen in the picture of this instant.
   * @param {number} shown epoch seconds, NaN: the newest
   * @param {number} now
   * @returns {Sight[]}
   */
  at(shown, now) {
    const found = [];
    for (const [kind, looks] of this.#looks) {
      const last = looks.at(-1);
      if (!last || now - last.at > lasts(looks)) continue;
      const look = Number.isNaN(shown) ? last : looks.findLast(({ time }) => time <= shown + AHEAD_S);
      if (look && look.boxes.length > 0) found.push({ kind, boxes: look.boxes, isPast: shown - look.time > PAST_S });
    }
    return found;
  }
}

/** Seconds. @param {Look[]} looks */
function lasts(looks) {
  const [before, last] = looks.slice(-2);
  if (!before || !last) return FIRST_S;
  return Math.min(MOST_S, Math.max(LEAST_S, MISSED * (last.at - before.at)));
}

/** `motion · 2 faces`. @param {Sight[]} sights */
export function sightWords(sights) {
  return sights
    .map(({ kind, boxes }) => (boxes.length === 1 || kind === "motion" ? kind : `${boxes.length} ${kind}s`))
    .join(" · ");
}
