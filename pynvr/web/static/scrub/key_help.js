// @ts-check
/** The keys of this page and the signs on its axis, and the button that shows them. */

import { h } from "../shell/dom.js";
import { icon } from "../shell/icons.js";
import { KeyDialog } from "../shell/key_dialog.js";
import { HELP } from "./keys.js";
import { legend } from "./legend.js";

const GESTURES =
  "Drag to scrub, turn the wheel to zoom, Shift and wheel to move along, Alt and drag to mark a range, double-click to play from there.";

export class KeyHelp {
  #dialog = new KeyDialog(
    "Axis and keys",
    HELP,
    h("section", {}, h("h3", {}, "On the axis"), legend(), h("p", { class: "muted small" }, GESTURES)),
  );
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

  toggle() {
    this.#dialog.toggle();
  }
}
