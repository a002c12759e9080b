// @ts-check
/** How a player keeps to the live edge: a little behind it, and never far. Pure. */

/** Seconds of video that stay behind the present picture. */
const KEPT_S = 4;
const TRIM_OVER_S = 12;
/** As close to the edge as playing goes without running dry, and what each time that it did adds. */
const NEAREST_S = 0.1;
const FARTHEST_S = 1;
const STEP_S = 0.1;
/** Within this of where it should be, the speed stays. */
const SLACK_S = 0.15;
/** Further behind than this, it jumps. */
const JUMP_S = 2;
const FASTEST = 1.25;

/**
 * @typedef {{ start: number, end: number }[]} Ranges buffered, in order
 * @typedef {{ seek: number | null, rate: number }} Move
 */

/**
 * What to do now.
 * @param {Ranges} ranges
 * @param {number} current
 * @param {number} target seconds behind the edge
 * @returns {Move}
 */
export function moveTo(ranges, current, target) {
  const last = ranges.at(-1);
  if (!last) return { seek: null, rate: 1 };
  const behind = last.end - current;
  const place = Math.max(last.start, last.end - target);
  // Before what is there, in a hole, or too late: to the edge at once.
  if (current < last.start || behind > JUMP_S + target) return { seek: place, rate: 1 };
  // Beyond the edge only by the rounding of times.
  if (behind < -SLACK_S) return { seek: place, rate: 1 };
  const late = behind - target;
  if (late <= SLACK_S) return { seek: null, rate: 1 };
  return { seek: null, rate: Math.min(FASTEST, 1 + late / 4) };
}

/**
 * What of the buffer can go; null if that isn't worth it.
 * @param {Ranges} ranges
 * @param {number} current
 * @returns {{ start: number, end: number } | null}
 */
export function toTrim(ranges, current) {
  const start = ranges[0]?.start ?? current;
  return current - start > TRIM_OVER_S ? { start, end: current - KEPT_S } : null;
}

/** How far behind to play, from how well it went. */
export class Distance {
  seconds = NEAREST_S;
  #since = 0;

  /** Playing ran dry. @param {number} now any clock, in seconds */
  dry(now) {
    this.seconds = Math.min(FARTHEST_S, this.seconds + STEP_S);
    this.#since = now;
  }

  /** It goes well; after a good while it dares a step nearer. @param {number} now */
  well(now) {
    if (now - this.#since < 20) return;
    this.#since = now;
    this.seconds = Math.max(NEAREST_S, this.seconds - STEP_S / 2);
  }
}

/**
 * What wall time a moment of the stream is, as the server has said it.
 */
export class StreamClock {
  /** @type {{ from: number, origin: number }[]} */
  #said = [];

  clear() {
    this.#said = [];
  }

  /** @param {number} from @param {number} origin epoch seconds of 0 on the line */
  say(from, origin) {
    this.#said = [...this.#said.filter((one) => one.from < from), { from, origin }].slice(-20);
  }

  /** @param {number} at seconds on the line @returns {number} epoch seconds, NaN if unknown */
  wall(at) {
    const found = this.#said.findLast((one) => one.from <= at + 0.001) ?? this.#said[0];
    return found ? found.origin + at : NaN;
  }
}
