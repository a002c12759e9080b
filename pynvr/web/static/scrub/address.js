// @ts-check
/** The view as a page's address, so that a link shows what its sender saw. Pure. */

import { readSpeed } from "../player/speeds.js";

export const MOST_CAMERAS = 16;
// 2000 and 2200: what lies outside was recorded by nobody, and a long view around 1970 would begin before it.
const EARLIEST_S = 946684800;
const LATEST_S = 7258118400;

/**
 * @typedef {object} Sight what somebody looks at; times in epoch seconds
 * @property {number | null} time
 * @property {string[]} cameras ids, in order; empty = the page chooses
 * @property {string} main id of the large one, "" = the first
 * @property {{from: number, to: number} | null} view of the axis
 * @property {number | null} markIn
 * @property {number | null} markOut
 * @property {number} speed
 */

/**
 * @param {string} search of a location, with or without "?"
 * @returns {Sight}
 */
export function readSight(search) {
  const given = new URLSearchParams(search);
  const time = readInstant(given.get("t"));
  const cameras = [...new Set((given.get("cams") ?? "").split(",").filter(Boolean))].slice(0, MOST_CAMERAS);
  return {
    time,
    cameras,
    main: given.get("main") ?? "",
    view: readView(given.get("z"), time),
    markIn: readInstant(given.get("in")),
    markOut: readInstant(given.get("out")),
    speed: readSpeed(given.get("speed")),
  };
}

/**
 * The other way; "" or "?…".
 * @param {Sight} sight
 */
export function writeSight({ time, cameras, main, view, markIn, markOut, speed }) {
  const parts = [];
  if (time !== null) parts.push(`t=${writeInstant(time)}`);
  if (cameras.length) parts.push(`cams=${cameras.map(encodeURIComponent).join(",")}`);
  if (main && main !== cameras[0]) parts.push(`main=${encodeURIComponent(main)}`);
  if (view && time !== null) {
    const span = view.to - view.from;
    parts.push(`z=${rounded(span, 2)},${rounded((time - view.from) / span, 4)}`);
  }
  if (markIn !== null) parts.push(`in=${writeInstant(markIn)}`);
  if (markOut !== null) parts.push(`out=${writeInstant(markOut)}`);
  if (speed !== 1) parts.push(`speed=${speed}`);
  return parts.length ? `?${parts.join("&")}` : "";
}

/**
 * ISO 8601 in UTC, or epoch seconds; null for anything else, and for times of which no axis can be asked.
 * @param {string | null} text
 */
function readInstant(text) {
  if (!text) return null;
  const isIso = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(text);
  const time = /^\d+(\.\d+)?$/.test(text) ? Number(text) : isIso ? Date.parse(text) / 1000 : NaN;
  return time >= EARLIEST_S && time < LATEST_S ? time : null;
}

/** Nobody sees less than a millisecond. @param {number} time */
function writeInstant(time) {
  return new Date(Math.round(time * 1000)).toISOString().replace(/\.?0*Z$/, "Z");
}

/**
 * `<seconds in view>,<where in it the moment is, 0..1>`
 * @param {string | null} text
 * @param {number | null} time
 */
function readView(text, time) {
  const [span, place = 0.5] = (text ?? "").split(",").map(Number);
  if (time === null || !(span > 0) || !Number.isFinite(place) || !Number.isFinite(span)) return null;
  const from = time - span * place;
  return { from, to: from + span };
}

/** @param {number} value @param {number} digits */
function rounded(value, digits) {
  return Number(value.toFixed(digits));
}
