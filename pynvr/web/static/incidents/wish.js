// @ts-check
/** Which incidents are asked for, as the page's address and the server's have it. Pure. */

/** @typedef {{camera: string, state: string, from: string, to: string}} Wish days as `2026-11-21`; empty: any */

const LONGEST_SIDE_S = 3600;
const LONGEST_AHEAD_S = 7 * 86_400;
const NAMES = /** @type {const} */ (["camera", "state", "from", "to"]);

/** @param {string} search of a location @returns {Wish} */
export function readWish(search) {
  const query = new URLSearchParams(search);
  const [camera, state, from, to] = NAMES.map((name) => query.get(name) ?? "");
  return { camera, state, from, to };
}

/** The other way; "" or "?…". @param {Wish} wish */
export function writeWish(wish) {
  const query = new URLSearchParams();
  for (const name of NAMES) if (wish[name]) query.set(name, wish[name]);
  const text = query.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/**
 * @param {Wish} wish
 * @param {{from: number | null, to: number | null}} period the days of the wish in epoch seconds, the end exclusive
 * @param {number} limit
 */
export function queryOf({ camera, state }, { from, to }, limit) {
  const query = new URLSearchParams({ limit: String(limit) });
  if (camera) query.set("camera_id", camera);
  if (state) query.set("status", state);
  if (from !== null) query.set("from", String(from));
  if (to !== null) query.set("to", String(to));
  return `/api/incidents?${query}`;
}

/**
 * What is sent to report one. Empty sides are the camera's own.
 * @param {{camera: string, at: number, before: string, after: string, note: string}} given
 */
export function reportOf({ camera, at, before, after, note }) {
  return {
    camera_id: camera,
    incident_time: at,
    ...(before.trim() ? { pre_seconds: numberOf(before) } : {}),
    ...(after.trim() ? { post_seconds: numberOf(after) } : {}),
    ...(note.trim() ? { note: note.trim() } : {}),
  };
}

/**
 * What is wrong with a report, in words for the field; what is right has no entry. The limits are those of
 * `pynvr.model.incident_report`.
 * @param {{at: number | null, when: string, before: string, after: string, now: number}} given `when`: as it was typed
 * @returns {Record<string, string>}
 */
export function mistakesOf({ at, when, before, after, now }) {
  /** @type {Record<string, string>} */
  const found = {};
  if (at === null) found.at = `“${when}” can't be read as a time. Write it as 14:07:31, yesterday 9:00 or tomorrow 9:00.`;
  else if (at > now + LONGEST_AHEAD_S) found.at = "That is more than a week ahead.";
  const sides = { before, after };
  for (const [name, text] of Object.entries(sides)) {
    const number = text.trim() ? numberOf(text) : 0;
    if (typeof number === "string" || number < 0 || number > LONGEST_SIDE_S) found[name] = "From 0 to 3600 seconds.";
  }
  const isNothing = Object.values(sides).every((text) => text.trim() && numberOf(text) === 0);
  if (isNothing) found.after = "Before it and after it are both 0: nothing is left to be shown.";
  return found;
}

/** What is no number goes as it was typed: the server says what it expected. @param {string} text */
function numberOf(text) {
  const number = Number(text.trim().replace(",", "."));
  return Number.isFinite(number) ? number : text;
}
