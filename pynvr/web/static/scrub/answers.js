// @ts-check
/** The place under the controls where questions and answers stand, one at a time; the pictures stay as they are. */

import { fill, h } from "../shell/dom.js";
import { icon } from "../shell/icons.js";

export class Answers {
  #element;
  #back = /** @type {HTMLElement | null} */ (null);
  #left = /** @type {(replaced: boolean) => void} */ (() => undefined);

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    element.hidden = true;
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
  }

  get isOpen() {
    return !this.#element.hidden;
  }

  /**
   * Show this in place of what stood there.
   * @param {string} label what it is about
   * @param {HTMLElement} content
   * @param {{focus?: boolean, left?: (replaced: boolean) => void}} [options] `focus`: into its first field; `left`: called
   *   when it goes; `replaced`: something else takes its place
   */
  show(label, content, { focus = false, left = () => undefined } = {}) {
    this.#left(true);
    this.#left = left;
    if (this.#element.hidden)
      this.#back = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.#element.setAttribute("aria-label", label);
    fill(
      this.#element,
      content,
      h(
        "button",
        { class: "button plain sign close", type: "button", "aria-label": "Close", onclick: () => this.close() },
        icon("close"),
      ),
    );
    this.#element.hidden = false;
    const first = focus ? content.querySelector("input, select, button, a") : null;
    if (first instanceof HTMLElement) first.focus();
  }

  close() {
    if (this.#element.hidden) return;
    this.#left(false);
    this.#left = () => undefined;
    const inside = this.#element.contains(document.activeElement);
    this.#element.hidden = true;
    fill(this.#element);
    if (inside) this.#back?.focus();
  }
}
