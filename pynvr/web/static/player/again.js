// @ts-check
/** Whether, and when, a picture that isn't there is looked for once more while nothing plays. Pure. */

/** @typedef {import("./camera_player.js").Condition} Condition */

/** What was received so long ago has been written down, or never will be. */
const SETTLED_S = 60;
const FIRST_MS = 1000;
const MOST_MS = 10_000;

/**
 * @param {Condition} condition
 * @param {number} time the instant that is wanted
 * @param {number} now
 */
export function isWorthAnotherLook(condition, time, now) {
  return condition === "failed" || (condition === "gap" && time > now - SETTLED_S);
}

/**
 * Milliseconds before the next look: longer each time, for a server that is away.
 * @param {number} tries so many looks were in vain
 */
export function waitsFor(tries) {
  return Math.min(FIRST_MS * 2 ** Math.min(tries, 10), MOST_MS);
}
