// @ts-check
/** The keys of a page, over it while somebody reads them. */

import { h } from "./dom.js";

/** @typedef {{title: string, keys: readonly (readonly [string, string])[]}} Keys several keys for one thing stand two spaces apart */

export class KeyDialog {
  #dialog;

  /**
   * @param {string} title
   * @param {readonly Keys[]} groups
   * @param {...HTMLElement} above what else is explained
   */
  constructor(title, groups, ...above) {
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
          h("h2", { id: "key-help-title" }, title),
          h("button", { class: "button compact", type: "button", onclick: close }, "Close"),
        ),
        ...above,
        h(
          "div",
          { class: "key-groups" },
          ...groups.map(({ title: about, keys }) =>
            h(
              "section",
              {},
              h("h3", {}, about),
              h("dl", {}, ...keys.flatMap(([key, words]) => [h("dt", {}, ...caps(key)), h("dd", {}, words)])),
            ),
          ),
        ),
      ),
    );
    // The page's own keys rest meanwhile.
    this.#dialog.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "?") close();
    });
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
