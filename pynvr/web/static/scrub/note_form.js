// @ts-check
/** Keep a range with its reason, or tag it with a label: one line, for the large camera or for all on the page. */

import { ApiError, api } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";

/**
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {import("./take_away.js").Range} Range
 * @typedef {object} Kind
 * @property {string} title
 * @property {string} verb on the button
 * @property {string} field
 * @property {string} hint
 * @property {boolean} needed whether the field must be filled
 * @property {string} done as in "Kept"
 * @property {string} path
 * @property {(camera: Camera, range: Range, text: string) => object} body
 */

/** @type {Readonly<Record<"keep" | "tag", Kind>>} */
export const KINDS = {
  keep: {
    title: "Keep",
    verb: "Keep",
    field: "Reason",
    hint: "why it must stay, if you like",
    needed: false,
    done: "Kept. It stays until somebody lets it go.",
    path: "/api/1/keeps",
    body: (camera, { from, to }, reason) => ({ camera_id: camera.id, from, to, reason }),
  },
  tag: {
    title: "Tag",
    verb: "Tag",
    field: "Label",
    hint: "what happens here",
    needed: true,
    done: "Tagged.",
    path: "/api/1/tags",
    body: (camera, { from, to }, label) => ({
      camera_id: camera.id,
      label,
      ...(from === to ? { time: from } : { from, to }),
    }),
  },
};

/**
 * @param {Kind} kind
 * @param {{camera: Camera, cameras: readonly Camera[], range: Range, words: string, changed: () => void, close: () => void}} given
 *   `words`: the range for people
 * @returns {HTMLElement}
 */
export function noteForm(kind, { camera, cameras, range, words, changed, close }) {
  const text = h("input", {
    class: "input",
    type: "text",
    maxlength: 200,
    placeholder: kind.hint,
    required: kind.needed,
    "aria-label": kind.field,
    autocomplete: "off",
  });
  const which = h(
    "select",
    { class: "input", "aria-label": "Cameras" },
    h("option", { value: "one" }, camera.name),
    cameras.length > 1 && h("option", { value: "all" }, `all ${cameras.length} cameras here`),
  );
  const mistake = h("p", { class: "mistake", role: "alert" });
  const submit = h("button", { class: "button primary", type: "submit" }, kind.verb);
  const form = h(
    "form",
    { class: "answer-line", onsubmit: (/** @type {Event} */ event) => void send(event) },
    h("strong", {}, kind.title),
    h("span", { class: "nowrap" }, words),
    which,
    h("span", { class: "grow" }, text),
    submit,
    mistake,
  );

  /** @param {Event} event */
  async function send(event) {
    event.preventDefault();
    submit.disabled = true;
    mistake.textContent = "";
    const wanted = which.value === "all" ? cameras : [camera];
    try {
      const made = await Promise.all(
        wanted.map((one) => api.post(kind.path, kind.body(one, range, text.value.trim()))),
      );
      changed();
      said(made);
    } catch (error) {
      mistake.textContent = error instanceof ApiError ? error.message : String(error);
    } finally {
      submit.disabled = false;
    }
  }

  /** @param {{id: number, note?: string}[]} made */
  function said(made) {
    const notes = made.map(({ note }) => note).filter(Boolean);
    const undo = h("button", { class: "button", type: "button", onclick: () => void back() }, "Undo");
    const over = h("button", { class: "button", type: "button", onclick: close }, "Done");
    const done = h(
      "span",
      { class: "grow", role: "status" },
      `${kind.done} ${notes.length ? `But of it ${notes[0]}.` : ""}`,
    );
    fill(
      form,
      h("strong", { class: "good-text" }, kind.title),
      done,
      undo,
      over,
      mistake,
    );
    // Not Undo: who presses Space now wants to play on.
    over.focus();

    async function back() {
      undo.disabled = true;
      try {
        await Promise.all(made.map(({ id }) => api.delete(`${kind.path}/${id}`)));
        changed();
        close();
      } catch (error) {
        undo.disabled = false;
        mistake.textContent = error instanceof ApiError ? error.message : String(error);
      }
    }
  }

  return form;
}
