// @ts-check
/** The speeds of the player, and what a camera does at a speed. */

/** @type {readonly number[]} */
export const SPEEDS = [-16, -8, -4, -2, -1, 0.25, 0.5, 1, 2, 4, 8, 16];

/** Browsers play no faster. */
export const FASTEST = 16;

/** Beside the chosen camera, a small picture needs no more frames than this: cameras × speed above it step keyframes. */
const DECODE_BUDGET = 16;

/**
 * The next speed to the right of the ladder (L).
 * @param {number} speed
 */
export function faster(speed) {
  return SPEEDS.find((other) => other > speed && Math.abs(other) >= 1) ?? FASTEST;
}

/**
 * The next speed to the left (J): from normal speed it goes straight into reverse, as on an editing desk.
 * @param {number} speed
 */
export function slower(speed) {
  return SPEEDS.findLast((other) => other < speed && Math.abs(other) >= 1) ?? -FASTEST;
}

/**
 * As a person writes it: ¼×, 2×, −4×.
 * @param {number} speed
 */
export function speedText(speed) {
  const size = Math.abs(speed);
  const digits = size === 0.25 ? "¼" : size === 0.5 ? "½" : String(size);
  return `${speed < 0 ? "−" : ""}${digits}×`;
}

/**
 * @param {string | null} text
 * @returns {number} 1 when the text is none of the speeds
 */
export function readSpeed(text) {
  const speed = Number(text);
  return SPEEDS.includes(speed) ? speed : 1;
}

/** @typedef {"play" | "frames" | "keyframes"} Manner */

/**
 * How a camera keeps to the clock: it plays, or it is shown picture after picture, or only keyframes.
 * @param {{speed: number, chosen: boolean, playing: number, able: number}} situation `playing`: how many cameras have
 *   video now; `able`: the fastest speed that this machine was seen to reach
 * @returns {Manner}
 */
export function mannerOf({ speed, chosen, playing, able }) {
  if (speed < 0) return chosen && speed >= -2 ? "frames" : "keyframes";
  if (speed <= 1) return "play";
  if (speed > able) return "keyframes";
  return chosen || speed * playing <= DECODE_BUDGET ? "play" : "keyframes";
}

/**
 * What was learned of this machine from a second of playing: a speed it can't hold is not tried again.
 * @param {{able: number, speed: number, reached: number}} seen
 */
export function learned({ able, speed, reached }) {
  if (speed <= 1 || reached >= speed * 0.7) return able;
  return Math.min(able, SPEEDS.findLast((other) => other < speed) ?? 1);
}
