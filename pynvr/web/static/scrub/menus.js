// @ts-check
/** A button with what hangs on it: closes by Escape, by a click elsewhere, and when the focus leaves. */

import { h } from "../shell/dom.js";

export class Menu {
  #details;
  #summary;

  /**
   * @param {string} label what the button is for
   * @param {HTMLElement} body
   * @param {{opened?: () => void, more?: string}} [options] `more`: further classes
   */
  constructor(label, body, { opened = () => undefined, more = "" } = {}) {
    body.classList.add("menu-body");
    this.text = h("span", { class: "menu-text" });
    this.#summary = h(
      "summary",
      { class: "button", title: label, "aria-label": label },
      this.text,
      h("span", { class: "caret", "aria-hidden": true }, "▾"),
    );
    this.#details = h("details", { class: `menu ${more}` }, this.#summary, body);
    this.element = this.#details;
    this.label = label;
    this.#details.addEventListener("toggle", () => this.#details.open && opened());
    this.#details.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.#details.open) return;
      event.stopPropagation();
      this.close();
      this.#summary.focus();
    });
    this.#details.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.#details.contains(relatedTarget)) this.close();
    });
    document.addEventListener("pointerdown", ({ target }) => {
      if (target instanceof Node && !this.#details.contains(target)) this.close();
    });
  }

  /** @param {string} text on the button */
  setText(text) {
    if (this.text.textContent === text) return;
    this.text.textContent = text;
    this.#summary.setAttribute("aria-label", `${this.label}: ${text}`);
  }

  close() {
    this.#details.open = false;
  }
}
