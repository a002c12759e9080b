// @ts-check
/** The two lists: where each comes from, and what its rows say. Pure. */

/**
 * @typedef {object} Item one stored file or kept range
 * @property {string | number} id
 * @property {string} camera_id
 * @property {number} from epoch seconds
 * @property {number} to
 * @property {string} words why it is kept
 * @property {string} [state] of a stored file
 * @property {number} [progress] 0 to 1
 * @property {number} [bytes]
 * @property {string} [url]
 * @property {string} [detail] why it failed
 * @property {string} [made_by]
 */

/** @type {Record<string, { path: string, about: string, emptyTitle: string, emptyWords: string }>} */
export const LISTS = {
  exports: {
    path: "/api/1/exports",
    about: "Ranges stored as one file on the server, to be fetched any time. They give way first when the disk fills up.",
    emptyTitle: "No stored file",
    emptyWords: "On the Scrub page, mark a range and store it. Downloading it at once needs no storing.",
  },
  keeps: {
    path: "/api/1/keeps",
    about: "What is kept is never deleted to make room, until it is let go here.",
    emptyTitle: "Nothing is kept",
    emptyWords: "On the Scrub page, mark a range and choose Keep: it stays whatever happens to the rest.",
  },
};

/**
 * An item of any of the lists in one form.
 * @param {any} item any: an item of the interface, whose names differ
 * @returns {Item}
 */
export function itemOf(item) {
  return { ...item, from: item.from ?? item.start, to: item.to ?? item.end, words: item.reason ?? "" };
}

/**
 * What is asked for.
 * @param {string} list
 * @param {{ camera: string, from: number | null, to: number | null, limit: number, offset: number }} wish
 */
export function queryOf(list, { camera, from, to, limit, offset }) {
  const query = new URLSearchParams({ limit: String(limit), offset: String(offset) });
  if (camera) query.set("camera_ids", camera);
  if (from !== null) query.set("from", String(from));
  if (to !== null) query.set("to", String(to));
  return `${LISTS[list].path}?${query}`;
}
