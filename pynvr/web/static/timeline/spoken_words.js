// @ts-check
/** The axis in words, for those who don't see it. Pure. */

import { formatDuration } from "../shell/time.js";
import { counted, gapName } from "../shell/words.js";
import { joinedGaps, marks, recorded } from "./columns.js";
import { joinedSpans } from "./search.js";
import { clock, date, stretch } from "./words.js";

/** @typedef {import("./zone.js").Zone} Zone */
/** @typedef {import("./tiles.js").Piece} Piece */
/** @typedef {import("./rows.js").Camera} Camera */

const GAPS_TOLD = 4;

/**
 * One camera's row as a sentence.
 * @param {Zone} zone
 * @param {Camera} camera
 * @param {Piece[]} pieces
 */
export function rowWords(zone, camera, pieces) {
  if (pieces.every((piece) => piece.tile === null)) return `${camera.name}: loading`;
  const spans = joinedSpans([recorded(pieces)], 1);
  const seconds = spans.reduce((sum, [start, end]) => sum + end - start, 0);
  const gaps = joinedGaps(pieces);
  const told = gaps.slice(0, GAPS_TOLD).map(([start, end, cause]) => `${gapName(cause)} ${stretch(zone, start, end)}`);
  if (gaps.length > GAPS_TOLD) told.push(`${gaps.length - GAPS_TOLD} more gaps`);
  const alerts = marks(pieces, "alerts").length;
  const incidents = marks(pieces, "incidents").length;
  if (incidents) told.unshift(counted(incidents, "incident"));
  if (alerts) told.unshift(counted(alerts, "alert"));
  const what = seconds ? `${formatDuration(seconds)} recorded` : "nothing recorded";
  return [`${camera.name}: ${what}`, ...told].join("; ");
}

/**
 * What a screen reader says of the cursor.
 * @param {Zone} zone
 * @param {number} t
 * @param {{name: string, recorded: boolean | null, cause: string}[]} cameras what there is then; `recorded` null: not known
 */
export function cursorText(zone, t, cameras) {
  const without = cameras.filter((camera) => camera.recorded === false);
  const when = `${date(zone, t, "full")}, ${clock(zone, t)}`;
  if (without.length === 0) return when;
  if (without.length === cameras.length && cameras.length > 1) return `${when}; no camera recorded`;
  return `${when}; ${without.map(({ name, cause }) => `${name}: ${cause || "not recorded"}`).join("; ")}`;
}
