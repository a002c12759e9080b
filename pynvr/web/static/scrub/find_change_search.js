// @ts-check
/** Searches for changes as they run: one camera after the other, how far they are, and what they found together. */

import { resultOf } from "../shell/lines.js";
import { beforeAddress, everyWish, findAddress } from "./find_change.js";

/**
 * @typedef {import("./find_change.js").Box} Box
 * @typedef {import("./find_change.js").Change} Change
 * @typedef {import("./find_change.js").Wish} Wish
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {{camera: Camera, change: Change}} Found
 * @typedef {{found: Found[], lookedAt: number, from: number, to: number, mistakes: {camera: Camera, message: string}[]}} Outcome
 * @typedef {{time: number | null, url: string | null, searched: number}} Proposal
 * @typedef {import("./find_change.js").Far} Far
 * @typedef {Far & {progress: number | null}} Telling `progress` of all cameras; null: it waits for its turn
 */

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
      const result = await resultOf(findAddress(camera.id), { signal, body: wish }, (told) =>
        tell({
          progress: told.waits ? null : (number + told.progress) / cameras.length,
          share: told.progress,
          name: camera.name,
          number,
          count: cameras.length,
        }),
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
 * A time before `at` at which the box looked otherwise than then. `searched`: really looked so far back.
 * @param {Camera} camera
 * @param {Box} box
 * @param {number} at
 * @param {number} from looked no further back
 * @param {AbortSignal} signal
 * @param {(telling: Telling) => void} tell
 * @returns {Promise<Proposal>}
 */
export async function proposedBefore(camera, box, at, from, signal, tell) {
  const found = await resultOf(beforeAddress(camera.id, box, at, from), { signal }, (told) =>
    tell(alone(camera, told)),
  );
  return { time: found.time, url: found.url, searched: found.from };
}

/**
 * A time behind `at` at which the box looked otherwise than then: behind the first change. `searched`: really looked so far.
 * @param {Camera} camera
 * @param {Box} box
 * @param {number} at
 * @param {number} to looked no further
 * @param {AbortSignal} signal
 * @param {(telling: Telling) => void} tell
 * @returns {Promise<Proposal>}
 */
export async function proposedAfter(camera, box, at, to, signal, tell) {
  const body = everyWish(box, { from: at, to });
  const found = await resultOf(findAddress(camera.id), { signal, body }, (told) =>
    tell(alone(camera, told)),
  );
  const first = found.changes.reduce(
    (/** @type {Change | null} */ one, /** @type {Change} */ other) => (one === null || other.time < one.time ? other : one),
    null,
  );
  return { time: first?.after_time ?? null, url: first?.after_url ?? null, searched: found.to };
}

/** @param {Camera} camera the only one @param {{progress: number, waits: boolean}} told @returns {Telling} */
function alone({ name }, { progress, waits }) {
  return { progress: waits ? null : progress, share: progress, name, number: 0, count: 1 };
}
