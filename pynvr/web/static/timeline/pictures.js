// @ts-check
/** Small pictures by address, kept as object URLs; a picture that isn't there is remembered as such. */

/** @typedef {(path: string) => Promise<Response>} FetchPicture */

const KEPT = 400;
/** A picture of a moment that isn't over, or of a server that was busy, may be there later. */
const MISSING_MS = 20_000;
/** Seconds to which times of frames are cut, so that a trembling mouse asks once. */
const FRAME_STEP_S = 0.1;

export class Pictures {
  /** @type {Map<string, {src: Promise<string | null>, missingSince: number}>} */
  #kept = new Map();
  #fetch;

  /** @param {{fetch?: FetchPicture, limit?: number}} [options] */
  constructor({ fetch: get = (path) => fetch(path, { credentials: "same-origin" }), limit = KEPT } = {}) {
    this.#fetch = get;
    this.limit = limit;
  }

  /**
   * An address for an `<img>`; null if there is no such picture.
   * @param {string} path
   * @returns {Promise<string | null>}
   */
  load(path) {
    const now = performance.now();
    let kept = this.#kept.get(path);
    if (kept && kept.missingSince + MISSING_MS < now) kept = undefined;
    kept ??= this.#loading(path);
    this.#kept.delete(path);
    this.#kept.set(path, kept);
    this.#bound();
    return kept.src;
  }

  /** Gives all memory back. */
  clear() {
    for (const path of [...this.#kept.keys()]) this.#forget(path);
  }

  /** @param {string} path */
  #loading(path) {
    const entry = { src: Promise.resolve(/** @type {string | null} */ (null)), missingSince: Infinity };
    entry.src = this.#fetch(path).then(async (answer) => {
      if (answer.ok) return URL.createObjectURL(await answer.blob());
      entry.missingSince = performance.now();
      return null;
    }).catch(() => {
      entry.missingSince = performance.now();
      return null;
    });
    return entry;
  }

  #bound() {
    for (const path of this.#kept.keys()) {
      if (this.#kept.size <= this.limit) break;
      this.#forget(path);
    }
  }

  /** @param {string} path */
  #forget(path) {
    const kept = this.#kept.get(path);
    this.#kept.delete(path);
    void kept?.src.then((src) => src && URL.revokeObjectURL(src));
  }
}

/**
 * The picture that stands for a whole minute.
 * @param {string} cameraId
 * @param {string} stamp
 */
export function thumbnailPath(cameraId, stamp) {
  return `/api/1/camera/${encodeURIComponent(cameraId)}.thumbnail.${stamp}.jpg`;
}

/**
 * The keyframe before an instant.
 * @param {string} cameraId
 * @param {number} t
 * @param {number} width CSS pixels
 */
export function framePath(cameraId, t, width) {
  const time = (Math.floor(t / FRAME_STEP_S + 1e-6) * FRAME_STEP_S).toFixed(1);
  return `/api/1/camera/${encodeURIComponent(cameraId)}/frame/${time}.jpg?width=${width}&exact=0`;
}
