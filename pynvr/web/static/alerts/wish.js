// @ts-check
/** Which alerts are asked for, as the page's address and the server's have it. Pure. */

/**
 * @typedef {{which: "new" | "all", camera: string, kind: string}} Wish
 */

/** @param {string} search of a location @returns {Wish} */
export function readWish(search) {
  const query = new URLSearchParams(search);
  return {
    which: query.get("which") === "all" ? "all" : "new",
    camera: query.get("camera") ?? "",
    kind: query.get("kind") ?? "",
  };
}

/** The other way; "" or "?…". @param {Wish} wish */
export function writeWish({ which, camera, kind }) {
  const query = new URLSearchParams();
  if (which === "all") query.set("which", which);
  if (camera) query.set("camera", camera);
  if (kind) query.set("kind", kind);
  return query.size ? `?${query}` : "";
}

/** @param {Wish} wish @param {number} limit */
export function queryOf({ which, camera, kind }, limit) {
  const query = new URLSearchParams({ limit: String(limit) });
  if (which === "new") query.set("viewed", "false");
  if (camera) query.set("camera_ids", camera);
  if (kind) query.set("kind", kind);
  return `/api/alerts/?${query}`;
}

/** What marks all that the wish finds, up to the newest that is on the page. @param {Wish} wish @param {number} newest */
export function markOf({ camera, kind }, newest) {
  return { newest, ...(camera ? { camera_ids: [camera] } : {}), ...(kind ? { kind } : {}) };
}
