// @ts-check
/** The three lists: where each comes from, and what its rows say. Pure. */

import { stampOf } from "../shell/time.js";

/**
 * @typedef {object} Item one stored file, kept range or tag
 * @property {string | number} id
 * @property {string} camera_id
 * @property {number} from epoch seconds
 * @property {number} to the same as `from` for a tag that marks a moment
 * @property {string} words reason or label
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
  tags: {
    path: "/api/1/tags",
    about: "Marks on the time axis, put there by people and by programs.",
    emptyTitle: "No tags",
    emptyWords: "On the Scrub page, choose Tag at a moment or for a range; programs put theirs by the interface.",
  },
};

/**
 * An item of any of the lists in one form.
 * @param {any} item any: an item of the interface, whose names differ
 * @returns {Item}
 */
export function itemOf(item) {
  const from = item.from ?? item.start ?? item.time;
  return { ...item, from, to: item.to ?? item.end ?? from, words: item.reason ?? item.label ?? "" };
}

/**
 * What is asked for.
 * @param {string} list
 * @param {{ camera: string, q: string, from: number | null, to: number | null, limit: number, offset: number }} wish
 */
export function queryOf(list, { camera, q, from, to, limit, offset }) {
  const query = new URLSearchParams({ limit: String(limit), offset: String(offset) });
  if (camera) query.set("camera_ids", camera);
  if (q && list === "tags") query.set("q", q);
  if (from !== null) query.set("from", String(from));
  if (to !== null) query.set("to", String(to));
  return `${LISTS[list].path}?${query}`;
}

/**
 * A range as one MP4. The end is rounded up to the second: a moment more is better than one less.
 * @param {{ camera_id: string, from: number, to: number }} range
 * @param {string} zone
 */
export function rangeAddress({ camera_id, from, to }, zone) {
  const end = Math.max(Math.ceil(to), Math.floor(from) + 1);
  return `/api/1/camera/${camera_id}.range.${stampOf(from, zone)}.to.${stampOf(end, zone)}.mp4`;
}
