// @ts-check
/** A button above a list that unfolds a form for one more. */

import { fill } from "./dom.js";

/**
 * @param {HTMLElement} button
 * @param {HTMLElement} panel
 * @param {(close: () => void) => HTMLElement} make the form, which ends with `close`
 * @param {string} first what of it has the focus at first, a selector
 */
export function addPanel(button, panel, make, first) {
  button.addEventListener("click", () => (panel.hidden ? open() : close()));

  function open() {
    const element = make(close);
    fill(panel, element);
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    /** @type {HTMLElement | null} */ (element.querySelector(first))?.focus();
  }

  function close() {
    panel.hidden = true;
    fill(panel);
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }
}
