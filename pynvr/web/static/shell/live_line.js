// @ts-check
/** The header's line: how many cameras are being recorded, and how long the disk lasts. */

import { api } from "./api.js";
import { h } from "./dom.js";
import { liveWords } from "./live_words.js";

const EVERY_MS = 10_000;

export class LiveLine {
  #dot = h("span", { class: "dot" });
  #text = h("span", {}, "…");
  element = h("a", { class: "live-line", href: "/system", title: "How the system is" }, this.#dot, this.#text);
  #timer = 0;

  /** @param {any} system the answer of /api/system, if there was one. any: see `liveWords` */
  start(system) {
    this.#show(system);
    document.addEventListener("visibilitychange", () => {
      clearTimeout(this.#timer);
      if (!document.hidden) void this.#refresh();
    });
  }

  /** @param {any} system any: see `liveWords` */
  #show(system) {
    const { words, tone } = liveWords(system, Date.now() / 1000);
    this.#dot.dataset.tone = tone;
    if (this.#text.textContent !== words) this.#text.textContent = words;
    clearTimeout(this.#timer);
    if (!document.hidden) this.#timer = window.setTimeout(() => void this.#refresh(), EVERY_MS);
  }

  async #refresh() {
    let system = null;
    try {
      system = await api.get("/api/system");
    } catch {
      // Shown as such, and asked again.
    }
    this.#show(system);
  }
}
