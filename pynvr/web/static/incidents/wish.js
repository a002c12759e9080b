// @ts-check
/** Which incidents are asked for, as the page's address and the server's have it. Pure. */

/** @typedef {{camera: string, state: string, from: string, to: string}} Wish days as `2026-11-21`; empty: any */

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

/** What is no number goes as it was typed: the server says what it expected. @param {string} text */
function numberOf(text) {
  const number = Number(text.trim().replace(",", "."));
  return Number.isFinite(number) ? number : text;
}
