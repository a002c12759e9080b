// @ts-check
/** What the axis shows, as values. Pure. */

import { joinedGaps, marks, recorded, seen } from "./columns.js";
import { joinedSpans } from "./search.js";

/** @typedef {import("./tiles.js").Piece} Piece */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./ticks.js").Ticks} Ticks */
/** @typedef {import("./scale.js").View} View */

/**
 * @param {Ticks | null} ticks
 * @param {View} view
 */
export function axisWords(ticks, view) {
  return {
    labels: (ticks?.major ?? []).filter(({ text, t }) => text && t >= view.from && t <= view.to).map(({ text }) => text),
    contexts: (ticks?.contexts ?? []).map(({ texts }) => texts[0]),
    notices: (ticks?.notices ?? []).map(({ texts }) => texts[0]),
  };
}

/**
 * @param {Row} row
 * @param {Piece[]} pieces
 * @param {number} resolution that is wanted
 * @param {number} now nothing is loaded of what comes later
 */
export function rowState({ camera, top, height }, pieces, resolution, now) {
  return {
    id: camera.id,
    name: camera.name,
    top,
    height,
    recorded: joinedSpans([recorded(pieces)], 0.5),
    gaps: joinedGaps(pieces),
    keeps: marks(pieces, "keeps").map(({ start, end }) => [start, end]),
    tags: marks(pieces, "tags").map(({ label }) => label ?? ""),
    alerts: marks(pieces, "alerts").map(({ start, viewed = false }) => /** @type {const} */ ([start, viewed])),
    incidents: marks(pieces, "incidents").map(({ time, status = "" }) => /** @type {const} */ ([time, status])),
    detections: seen(pieces),
    complete: pieces.every(({ tile, from }) => tile?.resolution === resolution || from >= now),
  };
}
