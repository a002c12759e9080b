// @ts-check
import { BUCKETS, tileSpan } from "../../../pynvr/web/static/timeline/tiles.js";

/** @typedef {import("../../../pynvr/web/static/timeline/tiles.js").Tile} Tile */

/**
 * @param {number} resolution
 * @param {number} index
 * @param {Partial<Tile>} [more]
 * @returns {Tile}
 */
export function tile(resolution, index, more = {}) {
  const from = index * tileSpan(resolution);
  return {
    cameraId: "a", resolution, from, to: from + tileSpan(resolution), spans: [], gaps: [],
    activity: new Uint8Array(BUCKETS), keeps: [], tags: [], alerts: [], incidents: [], detections: [], known: Infinity, loadedAt: 0, ...more,
  };
}
