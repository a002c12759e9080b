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
  #now = () => Date.now() / 1000;

  /** @param {() => number} now epoch seconds by the server's clock */
  start(now) {
    this.#now = now;
    document.addEventListener("visibilitychange", () => void this.#refresh());
    void this.#refresh();
  }

  async #refresh() {
    clearTimeout(this.#timer);
    if (document.hidden) return;
    let system = null;
    try {
      system = await api.get("/api/system");
    } catch {
      // Shown as such, and asked again.
    }
    const { words, tone } = liveWords(system, this.#now());
    this.#dot.dataset.tone = tone;
    if (this.#text.textContent !== words) this.#text.textContent = words;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#refresh(), EVERY_MS);
  }
}
