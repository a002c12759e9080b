// @ts-check
/** What stands where the content isn't (yet): it loads, it failed, there is none. Each says what to do next. */

import { h } from "./dom.js";

/** @param {string} [words] */
export function loading(words = "Loading …") {
  return h("p", { class: "loading", role: "status" }, words);
}

/**
 * @param {unknown} error
 * @param {() => void} [again] what the button does; without it there is none
 */
export function failed(error, again) {
  const words = error instanceof Error ? error.message : String(error);
  return h(
    "div",
    { class: "note", "data-tone": "alert", role: "alert" },
    h("p", { class: "grow" }, words),
    again && h("button", { class: "button", type: "button", onclick: again }, "Try again"),
  );
}

/**
 * @param {string} title
 * @param {string} words what a person can do about it
 * @param {...HTMLElement} actions
 */
export function empty(title, words, ...actions) {
  return h("div", { class: "state" }, h("h2", {}, title), h("p", {}, words), ...actions);
}
