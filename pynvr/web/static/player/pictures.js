// @ts-check
/** Single pictures of cameras: one under way per camera, a few altogether, and of those that wait only the latest. */

/**
 * @typedef {{cameraId: string, time: number, width: number, exact: boolean}} Wish
 * @typedef {{bitmap: ImageBitmap, time: number}} Picture `time`: of the frame, epoch seconds
 */

const AT_ONCE = 4;
const BUSY_MS = 300;
/** A server that doesn't answer is left alone so long, by each camera. */
const AWAY_MS = 1000;

export class Pictures {
  #take;
  #running = /** @type {Set<string>} */ (new Set());
  #waiting = /** @type {Map<string, {wish: Wish, urgent: boolean, done: (picture: Picture | null) => void}>} */ (
    new Map()
  );

  /** @param {(wish: Wish) => Promise<Picture | null>} take */
  constructor(take = fetchPicture) {
    this.#take = take;
  }

  /**
   * The picture, or null when a later wish for the camera overtook this one or nothing was recorded then.
   * @param {Wish} wish
   * @param {boolean} [urgent] goes before those that aren't
   * @returns {Promise<Picture | null>}
   */
  want(wish, urgent = false) {
    this.forget(wish.cameraId);
    return new Promise((done) => {
      this.#waiting.set(wish.cameraId, { wish, urgent, done });
      this.#next();
    });
  }

  /**
   * Drop what waits for the camera.
   * @param {string} cameraId
   */
  forget(cameraId) {
    this.#waiting.get(cameraId)?.done(null);
    this.#waiting.delete(cameraId);
  }

  #next() {
    while (this.#running.size < AT_ONCE) {
      const free = [...this.#waiting.values()].filter(({ wish }) => !this.#running.has(wish.cameraId));
      const first = free.find(({ urgent }) => urgent) ?? free[0];
      if (first === undefined) return;
      this.#waiting.delete(first.wish.cameraId);
      void this.#run(first.wish).then(first.done);
    }
  }

  /**
   * @param {Wish} wish
   * @returns {Promise<Picture | null>}
   */
  async #run(wish) {
    this.#running.add(wish.cameraId);
    try {
      const picture = await this.#take(wish);
      this.#ended(wish.cameraId);
      return picture;
    } catch {
      // A picture that doesn't come is replaced by the next one wanted; who plays wants the next one at once.
      setTimeout(() => this.#ended(wish.cameraId), AWAY_MS);
      return null;
    }
  }

  /** @param {string} cameraId */
  #ended(cameraId) {
    this.#running.delete(cameraId);
    this.#next();
  }
}

/**
 * @param {Wish} wish
 * @returns {Promise<Picture | null>}
 */
async function fetchPicture({ cameraId, time, width, exact }) {
  const address = `/api/1/camera/${encodeURIComponent(cameraId)}/frame/${time.toFixed(6)}.jpg`;
  const wanted = `${address}?width=${width}&exact=${exact ? 1 : 0}`;
  let answer = await fetch(wanted);
  if (answer.status === 503) {
    // More are asked for than can be made: once more, a little later.
    await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
    answer = await fetch(wanted);
  }
  if (answer.status >= 500) throw new Error(`no picture: ${answer.status}`);
  if (!answer.ok) return null;
  const shown = Number(answer.headers.get("X-Frame-Time"));
  return { bitmap: await createImageBitmap(await answer.blob()), time: shown || time };
}
