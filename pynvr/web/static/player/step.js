// @ts-check
/** How cameras are kept in step with one clock. */

const GENTLE_S = 0.15;
const HARD_S = 1;
const NUDGE = 0.05;

/** @typedef {{kind: "none"} | {kind: "rate", rate: number} | {kind: "seek"}} Correction */

/** What a machine that can't keep up still reaches; slower than that is a pause, not a pace. */
const SLOWEST = 0.5;
/** Setting a rate costs; what differs by less isn't seen. */
const PACE_STEP = 0.05;

/**
 * The share of the speed that the clock really makes, smoothed: its leader may be slowed by a busy machine, and the
 * others keep step only at that pace.
 * @param {{pace: number, made_s: number, passed_s: number, speed: number}} seen `made_s`: by the clock; `passed_s`: for
 *   a person
 */
export function paced({ pace, made_s, passed_s, speed }) {
  if (passed_s <= 0) return pace;
  // Single ticks scatter to both sides: only their mean is bounded.
  const now = Math.min(2, made_s / (passed_s * speed));
  return Math.max(SLOWEST, Math.min(1, pace + (now - pace) * Math.min(1, passed_s)));
}

/** @param {number} pace */
export function paceStep(pace) {
  return Math.round(pace / PACE_STEP) * PACE_STEP;
}

/**
 * What to do about a camera that is `drift_s` of recorded time ahead of the clock (negative: behind).
 * At speed the same drift lasts a shorter moment for who watches, so the bounds grow with it.
 * @param {number} drift_s
 * @param {number} speed
 * @param {boolean} [correcting] a correction that runs is finished, not stopped at the bound that began it
 * @param {number} [pace] the share of the speed that the clock makes
 * @returns {Correction}
 */
export function correction(drift_s, speed, correcting = false, pace = 1) {
  const scale = Math.max(1, speed);
  const size = Math.abs(drift_s);
  if (size > HARD_S * scale) return { kind: "seek" };
  if (size > GENTLE_S * scale * (correcting ? 0.2 : 1)) {
    return { kind: "rate", rate: Math.min(16, speed * pace * (drift_s > 0 ? 1 - NUDGE : 1 + NUDGE)) };
  }
  return { kind: "none" };
}

/**
 * Where the clock stands after `passed_s` of a person's time, led by a camera's video.
 * The leader is followed while it plays; a leader that waits for data holds the clock; one that leapt (over a hole of
 * its own) is not followed.
 * @param {{time: number, passed_s: number, speed: number, leader: number | null, waiting: boolean}} state
 *   `leader`: the time of its picture, null = no camera leads
 * @returns {number}
 */
export function ticked({ time, passed_s, speed, leader, waiting }) {
  const free = time + passed_s * speed;
  if (leader === null) return free;
  if (leader > free + HARD_S * Math.max(1, speed)) return waiting ? time : free;
  return Math.max(time, leader);
}
