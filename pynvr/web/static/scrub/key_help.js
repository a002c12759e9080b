// @ts-check
/** The keys of this page, over it while somebody reads them. */

import { h } from "../shell/dom.js";
import { icon } from "./icons.js";
import { HELP } from "./keys.js";

export class KeyHelp {
  #dialog;

  constructor() {
    const close = () => this.#dialog.close();
    this.#dialog = h(
      "dialog",
      {
        class: "key-help",
        "aria-labelledby": "key-help-title",
        onclick: (/** @type {Event} */ { target }) => target === this.#dialog && close(),
      },
      h(
        "div",
        { class: "key-help-body" },
        h(
          "div",
          { class: "row apart" },
          h("h2", { id: "key-help-title" }, "Keys"),
          h(
            "button",
            { class: "button plain sign", type: "button", "aria-label": "Close", onclick: close },
            icon("close"),
          ),
        ),
        h(
          "div",
          { class: "key-groups" },
          ...HELP.map(({ title, keys }) =>
            h(
              "section",
              {},
              h("h3", {}, title),
              h("dl", {}, ...keys.flatMap(([key, words]) => [h("dt", {}, ...caps(key)), h("dd", {}, words)])),
            ),
          ),
        ),
        h(
          "p",
          { class: "muted small" },
          "On the axis: drag to scrub, turn the wheel to zoom, Shift and wheel to move along, Alt and drag to mark a range, double-click to play from there.",
        ),
      ),
    );
    this.#dialog.addEventListener("keydown", (event) => event.key === "?" && close());
    document.body.append(this.#dialog);
  }

  toggle() {
    if (this.#dialog.open) this.#dialog.close();
    else this.#dialog.showModal();
  }
}

/** @param {string} keys */
function caps(keys) {
  return keys.split("  ").flatMap((key, at) => [at > 0 ? " " : "", h("kbd", {}, key)]);
}
