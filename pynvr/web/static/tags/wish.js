// @ts-check
/** Which tags are asked for, as the page's address and the server's have it; and when a tag is. Pure. */

/**
 * @typedef {{q: string, camera: string, from: string, to: string}} Wish days as `2026-11-21`; empty: any
 * @typedef {object} Tag as /api/1/tags has it
 * @property {number} id
 * @property {string} camera_id
 * @property {number} start epoch seconds
 * @property {number} end the same for a moment
 * @property {string} label
 * @property {string} made_by empty: PyNVR itself
 */

/** What is taken away of a moment, before and after it. */
export const AROUND_S = 15;
const NAMES = /** @type {const} */ (["q", "camera", "from", "to"]);

/** @param {string} search of a location @returns {Wish} */
export function readWish(search) {
  const query = new URLSearchParams(search);
  const [q, camera, from, to] = NAMES.map((name) => query.get(name) ?? "");
  return { q, camera, from, to };
}

/** The other way; "" or "?…". @param {Wish} wish */
export function writeWish(wish) {
  const query = new URLSearchParams();
  for (const name of NAMES) if (wish[name].trim()) query.set(name, wish[name].trim());
  return query.size ? `?${query}` : "";
}

/**
 * @param {Wish} wish
 * @param {{from: number | null, to: number | null}} period the days of the wish in epoch seconds, the end exclusive
 * @param {number} limit
 */
export function queryOf({ q, camera }, { from, to }, limit) {
  const query = new URLSearchParams({ order: "newest", limit: String(limit) });
  if (q.trim()) query.set("q", q.trim());
  if (camera) query.set("camera_ids", camera);
  if (from !== null) query.set("from", String(from));
  if (to !== null) query.set("to", String(to));
  return `/api/1/tags?${query}`;
}

/** The range of a tag as a file holds it: a moment with what is around it. @param {Pick<Tag, "start" | "end">} tag */
export function rangeOf({ start, end }) {
  return start === end ? { from: start - AROUND_S, to: end + AROUND_S } : { from: start, to: end };
}

/**
 * What is sent to make a tag.
 * @param {{camera: string, label: string, at: number, until: number | null}} given `until` null: a moment
 */
export function bodyOf({ camera, label, at, until }) {
  return { camera_id: camera, label: label.trim(), ...(until === null ? { time: at } : { from: at, to: until }) };
}
