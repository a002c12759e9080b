// @ts-check
/** Keeps an open page true: cameras that begin to record, days that begin, gaps that end, cameras that are added. */

import { Patience } from "../shell/patience.js";
import { repeat } from "../shell/repeat.js";
import { allCameras, extentOf } from "./catalogue.js";
import { isYoung } from "./opening.js";

/**
 * @typedef {import("./catalogue.js").Extent} Extent
 * @typedef {import("./view.js").ScrubView} ScrubView
 */

/** What is shown is looked after so often, while there is something to wait for. */
const LOOK_S = 3;
/** Of cameras that don't begin to record it is asked ever less often, and so often in the end. */
const LONGEST_S = 120;
/** Days and cameras are asked for again after so long. */
const OLD_MS = 300_000;

export class Fresh {
  #view;
  #note;
  #extents = /** @type {Map<string, Extent>} */ (new Map());
  #asked_ms = 0;
  #patience = new Patience(LOOK_S, LONGEST_S);

  /**
   * @param {ScrubView} view
   * @param {HTMLElement} note where it says that recording has just begun
   */
  constructor(view, note) {
    this.#view = view;
    this.#note = note;
  }

  /** @param {Map<string, Extent>} extents */
  know(extents) {
    this.#extents = new Map(extents);
    this.#asked_ms = performance.now();
  }

  /** @param {string} cameraId */
  extentOf(cameraId) {
    return this.#extents.get(cameraId);
  }

  start() {
    repeat(LOOK_S, () => this.#look().catch(() => undefined));
  }

  /** Asks for what isn't known of the cameras that are shown. */
  async learn() {
    await this.#ask(this.#ids.filter((id) => !this.#extents.has(id)));
  }

  get #ids() {
    return this.#view.cameras.map(({ id }) => id);
  }

  async #look() {
    const { recorded, player } = this.#view;
    const isMissing = player.players.some(({ condition }) => condition === "gap" || condition === "failed");
    if (isMissing && !player.playing && !this.#view.timeline.busy) {
      await recorded.ensure(this.#ids, player.moment);
      await player.mend();
    }
    // While recording begins, cameras come one after the other.
    const waiting = this.#ids.filter((id) => this.#extents.get(id)?.first == null);
    const begins = waiting.length === this.#ids.length || isYoung(this.#extents.values(), recorded.now());
    if (begins && waiting.length > 0 && this.#patience.due(waiting.join(), performance.now() / 1000)) await this.#ask(waiting);
    if (performance.now() - this.#asked_ms > OLD_MS) {
      this.#asked_ms = performance.now();
      await this.#ask(this.#ids);
      this.#view.setAll(await allCameras());
    }
    this.#say(isYoung(this.#extents.values(), recorded.now()));
  }

  /** @param {readonly string[]} ids */
  async #ask(ids) {
    const found = await Promise.all(ids.map(async (id) => /** @type {const} */ ([id, await extentOf(id).catch(() => null)])));
    for (const [id, extent] of found) if (extent) this.#extents.set(id, extent);
    this.#view.useExtents();
  }

  /** @param {boolean} young */
  #say(young) {
    const words = young ? "The first minute is being recorded: it grows on the axis and can be played already." : "";
    if (this.#note.textContent !== words) this.#note.textContent = words;
    this.#note.hidden = words === "";
  }
}
