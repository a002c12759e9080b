// @ts-check
/** How it goes with those who are told, in words. Pure. */

/**
 * @typedef {object} Target an item of /api/notify
 * @property {string} name
 * @property {string} kind
 * @property {number} sent
 * @property {number} waiting
 * @property {number} given_up
 * @property {number | null} last_success epoch seconds; null = never
 * @property {number | null} last_error
 * @property {string} error
 */

/** @type {Record<string, string>} */
export const KINDS = { webhook: "webhook", mqtt: "MQTT", apprise: "e-mail and others" };

/**
 * @param {Target} target
 * @returns {{ words: string, tone: import("../shell/words.js").Tone }}
 */
export function targetState({ waiting, last_success, last_error }) {
  const failed = last_error !== null && (last_success === null || last_error > last_success);
  if (failed && waiting > 0) return { words: "takes no messages", tone: "alert" };
  if (failed) return { words: "failed the last time", tone: "warn" };
  if (waiting > 0) return { words: "is being told", tone: "" };
  return last_success === null ? { words: "nothing to tell yet", tone: "" } : { words: "takes messages", tone: "good" };
}
