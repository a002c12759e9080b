// @ts-check
/** A button for what can't be taken back: it asks where it stands, instead of in a dialog. */

import { fill, h } from "./dom.js";

/**
 * The question takes the button's place; "No", Escape and going on elsewhere take it back.
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.question such as "Delete 138 MB?"
 * @param {string} options.yes what is done, as a verb
 * @param {() => Promise<void>} options.run what fails shows as an error in the button's place
 * @param {string} [options.name] what screen readers hear instead of the label
 */
export function sureButton({ label, question, yes, run, name }) {
  const place = h("span", { class: "row sure-place" });
  idle(false);
  return place;

  /** @param {boolean} focus */
  function idle(focus) {
    const button = h("button", { class: "button compact danger", type: "button", "aria-label": name, onclick: ask }, label);
    fill(place, button);
    if (focus) button.focus();
  }

  function ask() {
    const sure = h("button", { class: "button compact danger sure", type: "button", onclick: () => void act() }, yes);
    const no = h("button", { class: "button compact", type: "button", onclick: () => idle(true) }, "No");
    const asked = h("span", { class: "row", role: "group", "aria-label": question }, h("span", {}, question), sure, no);
    asked.addEventListener("keydown", (event) => {
      if (event.key === "Escape") idle(true);
    });
    fill(place, asked);
    no.focus();
  }

  async function act() {
    const doing = h("span", { class: "loading", role: "status", tabindex: -1 }, "One moment …");
    fill(place, doing);
    // The button that was pressed is gone; who works by keyboard stays here.
    doing.focus();
    try {
      await run();
      if (place.isConnected) idle(document.activeElement === doing);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      fill(place, h("span", { class: "mistake", role: "alert" }, words), h("button", { class: "button compact", type: "button", onclick: () => idle(true) }, "OK"));
    }
  }
}
