// @ts-check
/** Keys reach the page's commands, except where somebody writes, or a control has its own use for them. */

import { meaningOf } from "./keys.js";

/** @typedef {import("./view.js").ScrubView} ScrubView */

const WRITES = "input:not([type=checkbox]), textarea, select, [contenteditable]";
/** What a focused control does with these itself. */
const PRESSES = new Set([" ", "Enter"]);

/** @param {ScrubView} view */
export function listenToKeys(view) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest(WRITES) || target.closest("dialog")) return;
    const acts = target.closest("button, a, summary, details[open], label");
    const ownsIt = acts && !acts.closest(".transport, .stage, .marks-bar");
    if (PRESSES.has(event.key) && (ownsIt || event.key === "Enter")) return;
    const meaning = meaningOf(event);
    if (meaning === null) return;
    event.preventDefault();
    // A key that is held only repeats what goes step by step.
    if (
      event.repeat &&
      (meaning.command === "toggle" || meaning.command === "export" || meaning.command === "fullScreen")
    )
      return;
    if (meaning.command === "camera") {
      const camera = view.cameras[meaning.camera];
      if (camera) view.setMain(camera.id);
      return;
    }
    view.commands[meaning.command]();
  });
}
