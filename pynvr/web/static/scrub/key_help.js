// @ts-check
/** The keys of this page and the signs on its axis, over it while somebody reads them. */

import { h } from "../shell/dom.js";
import { icon } from "./icons.js";
import { HELP } from "./keys.js";
import { legend } from "./legend.js";

export class KeyHelp {
  #dialog;
  /** Opens it. */
  button = h(
    "button",
    {
      class: "button plain compact help-button",
      type: "button",
      title: "What the axis shows, and keys (?)",
      "aria-label": "What the axis shows, and keys",
      onclick: () => this.toggle(),
    },
    icon("help"),
    h("span", {}, "What the axis shows"),
  );

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
          h("h2", { id: "key-help-title" }, "Axis and keys"),
          h(
            "button",
            { class: "button plain sign", type: "button", "aria-label": "Close", onclick: close },
            icon("close"),
          ),
        ),
        h(
          "section",
          {},
          h("h3", {}, "On the axis"),
          legend(),
          h(
            "p",
            { class: "muted small" },
            "Drag to scrub, turn the wheel to zoom, Shift and wheel to move along, Alt and drag to mark a range, double-click to play from there.",
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
