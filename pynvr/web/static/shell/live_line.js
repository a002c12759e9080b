// @ts-check
/** The header's line: how many cameras are being recorded, and how long the disk lasts. */

import { api } from "./api.js";
import { h } from "./dom.js";
import { liveWords } from "./live_words.js";

const EVERY_MS = 10_000;
/** A forecast of days needs no more. */
const DISKS_EVERY_MS = 120_000;

export class LiveLine {
  #dot = h("span", { class: "dot" });
  #text = h("span", {}, "…");
  element = h("a", { class: "live-line", href: "/system", title: "How the system is" }, this.#dot, this.#text);
  #timer = 0;
  #now = () => Date.now() / 1000;
  /** @type {{ full_at: number | null }[]} */
  #disks = [];
  #disksAt = -Infinity;
  #isOff = false;
  /** @type {string[]} */
  #resting = [];

  /** @param {() => number} now epoch seconds by the server's clock */
  start(now) {
    this.#now = now;
    document.addEventListener("visibilitychange", () => void this.#refresh());
    void this.#refresh();
  }

  async #refresh() {
    clearTimeout(this.#timer);
    if (document.hidden) return;
    const cameras = await this.#cameras();
    this.#show(cameras);
    if (performance.now() - this.#disksAt > DISKS_EVERY_MS) {
      this.#disks = await this.#currentDisks();
      this.#disksAt = performance.now();
      this.#show(cameras);
    }
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#refresh(), EVERY_MS);
  }

  /** @param {Record<string, boolean> | null} cameras */
  #show(cameras) {
    const { words, tone } = liveWords(cameras, this.#disks, this.#now(), this.#isOff, this.#resting);
    this.#dot.dataset.tone = tone;
    if (this.#text.textContent !== words) this.#text.textContent = words;
  }

  /** @returns {Promise<Record<string, boolean> | null>} */
  async #cameras() {
    try {
      const answer = await api.get("/api/1/system.json");
      this.#isOff = Boolean(answer.recording_off);
      this.#resting = answer.resting ?? [];
      return answer.cameras;
    } catch {
      // Shown as such, and asked again.
      return null;
    }
  }

  async #currentDisks() {
    try {
      return (await api.get("/api/system")).disks ?? [];
    } catch {
      // The line does without a forecast.
      return [];
    }
  }
}
