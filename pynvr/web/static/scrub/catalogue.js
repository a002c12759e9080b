// @ts-check
/** Which cameras there are, and what of each is recorded at all. */

import { ApiError, api } from "../shell/api.js";

/**
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {{days: string[], ranges: [number, number][], first: number | null, last: number | null}} Extent
 */

/**
 * All cameras of the configuration, then those that have left it and whose recordings are there.
 * @returns {Promise<Camera[]>}
 */
export async function allCameras() {
  const [known, { removed = [] }] = await Promise.all([
    api.get("/api/cameras"),
    api.get("/api/1/cameras.json").catch(() => ({})),
  ]);
  /** @type {{id: string, name: string}[]} */
  const cameras = known.cameras ?? known;
  return [
    ...cameras.map(({ id, name }) => ({ id, name: name || id })),
    ...removed.map((/** @type {string} */ id) => ({ id, name: `${id} (removed)` })),
  ];
}

/**
 * @param {string} cameraId
 * @returns {Promise<Extent>}
 */
export async function extentOf(cameraId) {
  try {
    const { days, ranges, first, last } = await api.get(`/api/1/camera/${encodeURIComponent(cameraId)}.json`);
    return { days, ranges, first, last };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { days: [], ranges: [], first: null, last: null };
    throw error;
  }
}
