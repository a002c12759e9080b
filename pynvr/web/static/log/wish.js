// @ts-check
/** Which entries are asked for, as the page's address and the server's have it; and how two answers become one list. Pure. */

/**
 * @typedef {{q: string, source: string, level: string, actor: string, camera: string, from: string, to: string}} Wish
 *   days as `2026-11-21`; empty: any
 * @typedef {object} Entry as /api/logs has it
 * @property {string} id its place in the list: `<microseconds>.<number>.<camera>`
 * @property {number} time epoch seconds
 * @property {"info" | "warning" | "error"} level
 * @property {string} source
 * @property {string} actor
 * @property {string} address
 * @property {string} action
 * @property {string} camera_id
 * @property {string} subject
 * @property {string} text
 * @property {Record<string, any>} detail any: each action has its own
 */

const NAMES = /** @type {const} */ (["q", "source", "level", "actor", "camera", "from", "to"]);

/** @param {string} search of a location @returns {Wish} */
export function readWish(search) {
  const query = new URLSearchParams(search);
  const [q, source, level, actor, camera, from, to] = NAMES.map((name) => query.get(name) ?? "");
  return { q, source, level, actor, camera, from, to };
}

/** The other way; "" or "?…". @param {Wish} wish */
export function writeWish(wish) {
  const query = new URLSearchParams();
  for (const name of NAMES) if (wish[name].trim()) query.set(name, wish[name].trim());
  return query.size ? `?${query}` : "";
}

/**
 * What the server is asked for, "" or "?…"; the same for the list and for files.
 * @param {Wish} wish
 * @param {{from: number | null, to: number | null}} period the days of the wish in epoch seconds, the end exclusive
 */
export function queryOf({ q, source, level, actor, camera }, { from, to }) {
  const query = new URLSearchParams();
  if (q.trim()) query.set("q", q.trim());
  if (source) query.set("source", source);
  if (level) query.set("level", level);
  if (actor) query.set("actor", actor);
  if (camera) query.set("camera_ids", camera);
  if (from !== null) query.set("since", String(from));
  if (to !== null) query.set("until", String(to));
  return query.size ? `?${query}` : "";
}

/**
 * What is known with what has come since, newest first. If so much has come that something may be missing between the two,
 * the new ones alone.
 * @param {readonly Entry[]} known
 * @param {readonly Entry[]} fresh the newest
 * @param {boolean} isAll nothing older is to be had than what is in `fresh`
 * @returns {{entries: Entry[], meet: boolean}} `meet`: nothing is missing between them
 */
export function joined(known, fresh, isAll) {
  const last = fresh.at(-1);
  const meet = isAll || last === undefined || known.length === 0 || known.some(({ id }) => id === last.id);
  const byId = new Map([...(meet ? known : []), ...fresh].map((entry) => [entry.id, entry]));
  return { entries: [...byId.values()].sort(newestFirst), meet };
}

/** @param {Entry} a @param {Entry} b */
function newestFirst(a, b) {
  const [atA, numberA, cameraA] = parts(a.id);
  const [atB, numberB, cameraB] = parts(b.id);
  return atB - atA || numberB - numberA || (cameraA < cameraB ? 1 : -1);
}

/** @param {string} id @returns {[number, number, string]} */
function parts(id) {
  const [at = "", number = "", camera = ""] = id.split(".");
  return [Number(at), Number(number), camera];
}
