// @ts-check
/** A word that something was done, or wasn't, or has just happened, where no place on the page would show it. */

import { h } from "./dom.js";

const LASTS_MS = 6000;
const NEWS_LASTS_MS = 12_000;

/** @type {Map<string, HTMLElement>} */
const shelves = new Map();

/**
 * Show a sentence at the foot of the page for a while; mistakes stay until they are closed. News stand below the header,
 * out of the way of what is done at the foot, and no longer than until the next.
 * @param {string} message
 * @param {{ tone?: "good" | "alert" | "news", action?: { label: string, run: () => void }, picture?: string }} [options]
 *   `picture`: its address
 */
export function toast(message, { tone = "good", action, picture } = {}) {
  const shelf = shelfOf(tone === "news" ? "toasts news" : "toasts");
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
  const image = picture && h("img", { class: "toast-picture", src: picture, alt: "" });
  const item = h("div", { class: "toast", "data-tone": tone }, image, h("span", {}, message), act, close);
  if (tone === "news") shelf.replaceChildren(item);
  else shelf.append(item);
  const timer = tone === "alert" ? 0 : setTimeout(end, tone === "news" ? NEWS_LASTS_MS : LASTS_MS);
  function end() {
    clearTimeout(timer);
    item.remove();
  }
}

/** @param {string} className */
function shelfOf(className) {
  let shelf = shelves.get(className);
  if (!shelf) {
    shelf = h("div", { class: className, role: "status", "aria-live": "polite" });
    shelves.set(className, shelf);
    document.body.append(shelf);
  }
  return shelf;
}
