// @ts-check
/** How a search stands, in a line of its panel: under way and how far, cancelled, failed, or what it told. */

import { ApiError } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { formatDuration } from "../shell/time.js";

/** A search whose process has to be started first may take its time, and says so from here on. */
const LONG_S = 3;

export class SearchState {
  element = h("div", { class: "search-state" });
  #shown;
  #cancelled;
  #asking = new AbortController();
  #words = "";
  #begun = 0;
  #bar = h("progress", { class: "bar short", max: 1, "aria-label": "Progress" });
  #doing = h("span", { role: "status" });
  /** No status: nobody wants to hear each step. */
  #far = h("span", {});

  /**
   * @param {(state: string) => void} shown told each state, in a word
   * @param {() => void} cancelled somebody gave it up; the line says so already
   */
  constructor(shown, cancelled) {
    this.#shown = shown;
    this.#cancelled = cancelled;
  }

  /**
   * A search begins, and one that was under way ends.
   * @param {string} words what is being done
   * @returns {AbortSignal} nobody waits for it any more
   */
  begin(words) {
    this.stop();
    this.#asking = new AbortController();
    this.#words = words;
    this.#begun = performance.now();
    this.#bar.removeAttribute("value");
    this.#doing.textContent = "Starting the search …";
    this.#far.textContent = "";
    const cancel = h("button", { class: "button compact", type: "button", onclick: () => this.#cancel() }, "Cancel");
    this.say("searching", this.#bar, h("span", { class: "muted" }, this.#doing, " ", this.#far), cancel);
    return this.#asking.signal;
  }

  /**
   * @param {number | null} progress 0 to 1, 0 as long as nothing was looked at; null: it waits for its turn
   * @param {string} [far] how far that is
   */
  tell(progress, far = `${Math.floor((progress ?? 0) * 100)} % done`) {
    if (progress) this.#bar.value = progress;
    const words = progress === null ? "Waits for its turn …" : `${progress > 0 ? this.#words : "Starting the search"} …`;
    if (this.#doing.textContent !== words) this.#doing.textContent = words;
    const waited = (performance.now() - this.#begun) / 1000;
    this.#far.textContent = progress ? far : waited < LONG_S ? "" : `for ${formatDuration(waited)} now`;
  }

  /**
   * It is over.
   * @param {string} state
   * @param {Parameters<typeof fill>[1][]} children
   */
  say(state, ...children) {
    this.#shown(state);
    fill(this.element, ...children);
  }

  /** @param {unknown} error @param {() => void} again */
  fail(error, again) {
    const words = error instanceof ApiError || error instanceof Error ? error.message : String(error);
    this.say(
      "failed",
      h("span", { class: "alert-text", role: "alert" }, words),
      h("button", { class: "button compact", type: "button", onclick: again }, "Try again"),
    );
  }

  /** Nobody waits any more. */
  stop() {
    this.#asking.abort();
  }

  #cancel() {
    this.stop();
    this.say("cancelled", h("span", { class: "muted", role: "status" }, "Cancelled."));
    this.#cancelled();
  }
}
