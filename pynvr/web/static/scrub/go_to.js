// @ts-check
/** The box that takes a time as a person writes it. */

import { h } from "../shell/dom.js";
import { parseTime } from "../shell/time.js";

/** So little ahead is now: a step forward may end there. */
const AHEAD_S = 60;

export class GoTo {
  #input;
  #mistake = h("p", { class: "mistake", role: "alert" });

  /**
   * @param {{zone: string, moment: () => number, now: () => number, go: (time: number) => void}} page
   */
  constructor({ zone, moment, now, go }) {
    this.#input = h("input", {
      class: "input",
      type: "text",
      placeholder: "Go to time …",
      "aria-label": "Go to time",
      title: "14:07, 14:07:31, yesterday 9:00, 21 nov 8:15, −10m, 10 minutes ago, 2026-11-21T14:07 (G)",
      autocomplete: "off",
      spellcheck: false,
      enterkeyhint: "go",
      oninput: () => this.#say(""),
      onblur: () => this.#say(""),
    });
    this.element = h(
      "form",
      {
        class: "go-to",
        role: "search",
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          const text = this.#input.value;
          if (!text.trim()) return;
          const time = parseTime(text.replace("−", "-"), zone, moment(), now());
          if (time === null) return this.#say("Not a time that I know. Try 14:07:31, or yesterday 9:00.");
          if (time > now() + AHEAD_S) return this.#say("That is still to come.");
          this.#input.value = "";
          this.#input.blur();
          go(Math.min(time, now()));
        },
      },
      this.#input,
      this.#mistake,
    );
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  /** @param {string} mistake */
  #say(mistake) {
    this.#mistake.textContent = mistake;
    this.#input.setAttribute("aria-invalid", String(mistake !== ""));
  }
}
