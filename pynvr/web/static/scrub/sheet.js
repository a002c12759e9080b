// @ts-check
/** On a phone, what isn't needed all the time lies in a sheet that comes from below. */

import { h } from "../shell/dom.js";
import { icon } from "../shell/icons.js";

const NARROW = "(max-width: 46rem)";

export class Sheet {
  #body = h("div", { class: "stack" });
  #element;
  #button;

  /**
   * @param {HTMLElement} quick where the button that opens it stands
   * @param {{element: HTMLElement, home: HTMLElement}[]} parts what moves into it, and where each stands on a wide screen
   */
  constructor(quick, parts) {
    this.#button = h(
      "button",
      {
        class: "button sign sheet-button",
        type: "button",
        "aria-label": "More actions",
        "aria-expanded": "false",
        onclick: () => this.toggle(),
      },
      icon("more"),
    );
    quick.append(this.#button);
    const close = h(
      "button",
      { class: "button plain sign", type: "button", "aria-label": "Close", onclick: () => this.close() },
      icon("close"),
    );
    this.#element = h(
      "section",
      { class: "sheet", "aria-label": "More actions", hidden: true },
      h("div", { class: "row apart" }, h("strong", {}, "This moment"), close),
      this.#body,
    );
    document.body.append(this.#element);
    this.#element.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    const narrow = matchMedia(NARROW);
    const move = () => {
      for (const { element, home } of parts) (narrow.matches ? this.#body : home).append(element);
      if (!narrow.matches) this.close();
    };
    narrow.addEventListener("change", move);
    move();
  }

  toggle() {
    if (this.#element.hidden) this.open();
    else this.close();
  }

  open() {
    if (!matchMedia(NARROW).matches) return;
    this.#element.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
  }

  close() {
    if (this.#element.hidden) return;
    const inside = this.#element.contains(document.activeElement);
    this.#element.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
    if (inside) this.#button.focus();
  }
}
