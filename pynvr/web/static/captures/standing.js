// @ts-check
/** What the page says of captures. Pure. */

import { counted } from "../shell/words.js";

/** @param {number} count */
export function framesInWords(count) {
  return `${counted(count, "frame")} looked at`;
}

/**
 * Whether one of those shown as running has ended by itself: its pictures are to be seen then.
 * @param {string[]} shown ids
 * @param {{ id: string, runs: boolean }[]} captures
 */
export function hasChanged(shown, captures) {
  const running = new Set(captures.filter((one) => one.runs).map((one) => one.id));
  return shown.some((id) => !running.has(id));
}
