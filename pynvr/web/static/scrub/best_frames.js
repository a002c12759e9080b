// @ts-check
/** Which pictures are looked for, and where. Pure. */

import { counted } from "../shell/words.js";

/**
 * @typedef {import("./take_away.js").Range} Range
 * @typedef {"brightness" | "sharpness" | "faces"} By
 * @typedef {{box: {x: number, y: number, width: number, height: number}, confidence: number}} Face shares of the picture
 * @typedef {{time: number, score: number, url: string, faces: Face[]}} BestFrame
 * @typedef {{frames: BestFrame[], looked_at: number, unreadable: number, recorded: number}} BestFrames
 */

/** @type {readonly {by: By, words: string}[]} */
export const KINDS = [
  { by: "faces", words: "Faces" },
  { by: "sharpness", words: "Sharpest" },
  { by: "brightness", words: "Brightest" },
];

const COUNT = 9;
const LONGEST_S = 86_400;
/** Of a long time, nine pictures of one minute tell little; of a short one they may lie close together. */
const PARTS = 60;
const FURTHEST_APART_S = 60;

/**
 * Where nothing is marked: what the axis shows, at most a day of it, around the moment.
 * @param {Range | null} marked
 * @param {Range} view
 * @param {number} moment
 * @param {number} now
 * @returns {Range}
 */
export function searchedRange(marked, view, moment, now) {
  if (marked !== null) return marked;
  const to = Math.min(view.to, now);
  const from = Math.min(view.from, to - 1);
  if (to - from <= LONGEST_S) return { from, to };
  const end = Math.min(to, Math.max(from + LONGEST_S, moment + LONGEST_S / 2));
  return { from: end - LONGEST_S, to: end };
}

/**
 * @param {string} cameraId
 * @param {Range} range
 * @param {By} by
 */
export function bestFramesAddress(cameraId, { from, to }, by) {
  const apart = Math.max(1, Math.min(FURTHEST_APART_S, Math.round((to - from) / PARTS)));
  const query = new URLSearchParams({
    from: from.toFixed(6),
    to: to.toFixed(6),
    by,
    count: String(COUNT),
    apart: String(apart),
    progress: "1",
  });
  return `/api/1/camera/${encodeURIComponent(cameraId)}/best-frames?${query}`;
}

/**
 * Where nothing was found: why, and what to do.
 * @param {By} by
 * @param {BestFrames} found
 */
export function nothingWords(by, { unreadable, looked_at: lookedAt }) {
  if (lookedAt === 0 && unreadable > 0) return "The pictures of this time can't be read or decoded.";
  if (by !== "faces") return "There is no picture in this time.";
  return `No face in ${counted(lookedAt, "picture")} of this time. Mark a shorter time to have more of its pictures looked at.`;
}
