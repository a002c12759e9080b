// @ts-check
/** The form that a list's page unfolds for one more (`addPanel`): it says what it understands while it is filled in, and sends once. */

import { fill, h } from "./dom.js";

/**
 * @template T
 * @param {object} given
 * @param {HTMLElement[]} given.fields
 * @param {string} given.submit the button's words
 * @param {() => string} given.understood what the fields say now, in words
 * @param {() => T | null} given.read what is to be sent; null: not yet, and `say` or the fields told why
 * @param {(body: T) => Promise<void>} given.send
 * @param {() => void} given.close
 */
export function addForm({ fields, submit: words, understood, read, send, close }) {
  const told = h("p", { class: "muted", "aria-live": "polite" });
  const mistake = h("p", { class: "mistake", role: "alert" });
  const submit = h("button", { class: "button primary", type: "submit" }, words);
  const form = h(
    "form",
    { class: "stack", novalidate: true },
    h("div", { class: "field-grid" }, ...fields),
    told,
    mistake,
    h("div", { class: "form-foot" }, submit, h("button", { class: "button", type: "button", onclick: close }, "Cancel")),
  );
  form.addEventListener("input", tell);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submitted();
  });
  tell();
  return { form, say };

  /** What is wrong with all of it. @param {string} words */
  function say(words) {
    mistake.textContent = words;
  }

  function tell() {
    say("");
    fill(told, understood());
  }

  async function submitted() {
    const body = read();
    if (body === null || submit.disabled) return;
    submit.disabled = true;
    say("");
    try {
      await send(body);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    } finally {
      submit.disabled = false;
    }
  }
}

/**
 * The list of cameras to choose from.
 * @param {readonly import("./camera_names.js").NamedCamera[]} cameras
 * @param {string} chosen the one that is chosen at first; "" = the first one
 */
export function cameraChoice(cameras, chosen) {
  const which = h("select", { class: "input", id: "new-camera" }, ...cameras.map(({ id, name }) => h("option", { value: id }, name)));
  if (chosen) which.value = chosen;
  return which;
}
