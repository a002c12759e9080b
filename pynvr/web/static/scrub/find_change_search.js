// @ts-check
/** Searches for changes as they run: one camera after the other, how far they are, and what they found together. */

import { lines } from "../shell/lines.js";
import { beforeAddress, findAddress } from "./find_change.js";

/**
 * @typedef {import("./find_change.js").Box} Box
 * @typedef {import("./find_change.js").Change} Change
 * @typedef {import("./find_change.js").Wish} Wish
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {{camera: Camera, change: Change}} Found
 * @typedef {{found: Found[], lookedAt: number, from: number, to: number, mistakes: {camera: Camera, message: string}[]}} Outcome
 * @typedef {{progress: number | null, camera: Camera}} Telling `progress` null: it waits for its turn
 */

const BROKE_OFF = "The answer broke off. The server may have been started anew.";

/**
 * What the search finds in these cameras, the newest first. Throws `ApiError` only if there is nothing of any.
 * @param {readonly Camera[]} cameras
 * @param {Wish} wish
 * @param {AbortSignal} signal
 * @param {(telling: Telling) => void} tell
 * @returns {Promise<Outcome>}
 */
export async function searched(cameras, wish, signal, tell) {
  /** @type {Outcome} */
  const outcome = { found: [], lookedAt: 0, from: wish.to, to: wish.from, mistakes: [] };
  let last = /** @type {unknown} */ (null);
  for (const [number, camera] of cameras.entries()) {
    try {
      const result = await answerOf(findAddress(camera.id), { signal, body: wish }, (told) =>
        tell({ camera, progress: told.waits ? null : (number + told.progress) / cameras.length }),
      );
      outcome.found.push(...result.changes.map((/** @type {Change} */ change) => ({ camera, change })));
      outcome.lookedAt += result.looked_at;
      outcome.from = Math.min(outcome.from, result.from);
      outcome.to = Math.max(outcome.to, result.to);
    } catch (error) {
      if (signal.aborted) throw error;
      last = error;
      outcome.mistakes.push({ camera, message: error instanceof Error ? error.message : String(error) });
    }
  }
  if (outcome.mistakes.length === cameras.length && last !== null) throw last;
  outcome.found.sort((one, other) => other.change.time - one.change.time);
  return outcome;
}

/**
 * A time at which the box looked otherwise than at `at`.
 * @param {Camera} camera
 * @param {Box} box
 * @param {number} at
 * @param {number} from looked no further back
 * @param {AbortSignal} signal
 * @param {(telling: Telling) => void} tell
 * @returns {Promise<{time: number | null, url: string | null, confidence: number, from: number}>}
 */
export function proposed(camera, box, at, from, signal, tell) {
  return answerOf(beforeAddress(camera.id, box, at, from), { signal }, (told) =>
    tell({ camera, progress: told.waits ? null : told.progress }),
  );
}

/**
 * @param {string} path
 * @param {{signal: AbortSignal, body?: unknown}} options
 * @param {(told: {progress: number, waits: boolean}) => void} tell
 * @returns {Promise<any>} any: JSON
 */
async function answerOf(path, options, tell) {
  for await (const told of lines(path, options)) {
    if (told.result) return told.result;
    tell(told);
  }
  throw new Error(BROKE_OFF);
}
