// @ts-check
/** A word that something was done, or wasn't, or has just happened, where no place on the page would show it. */

import { h } from "./dom.js";

const LASTS_MS = 6000;

let shelf = /** @type {HTMLElement | null} */ (null);

/**
 * Show a sentence at the foot of the page for a while; mistakes stay until they are closed.
 * @param {string} message
 * @param {{ tone?: "good" | "alert", action?: { label: string, run: () => void } }} [options]
 */
export function toast(message, { tone = "good", action } = {}) {
  const close = h("button", { class: "button plain compact", type: "button", "aria-label": "Close", onclick: end }, "✕");
  const act =
    action &&
    h(
      "button",
      {
        class: "button compact",
        type: "button",
        onclick: () => {
          end();
          action.run();
        },
      },
      action.label,
    );
  const item = h("div", { class: "toast", "data-tone": tone }, h("span", {}, message), act, close);
  ourShelf().append(item);
  const timer = tone === "alert" ? 0 : setTimeout(end, LASTS_MS);
  function end() {
    clearTimeout(timer);
    item.remove();
  }
}

function ourShelf() {
  if (!shelf) {
    shelf = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    document.body.append(shelf);
  }
  return shelf;
}
