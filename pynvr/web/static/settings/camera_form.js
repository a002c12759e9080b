// @ts-check
/** The form of one camera, new or known. What is typed stays while other cameras are looked at. */

import { ApiError, api } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { frameAddress } from "../shell/links.js";
import { sureButton } from "../shell/sure.js";
import { changesOf, documentOf, mistakesByField, valuesOf, withoutHidden } from "./document.js";
import { FieldView } from "./field_view.js";
import { GROUPS, isShown } from "./fields.js";
import { Trial } from "./trial.js";

/** @typedef {import("./document.js").Document} Document */
/** @typedef {import("./document.js").Values} Values */

/**
 * @typedef {object} Doings
 * @property {(id: string, words: string) => void} saved
 * @property {(id: string, words: string) => void} removed
 * @property {() => void} changed something was typed
 */

/** The newest frames may not be on the disk yet. */
const BEFORE_END_S = 2;

export class CameraForm {
  /** @type {Map<string, FieldView>} */
  #views = new Map();
  #said = h("div", { class: "stack", "aria-live": "assertive" });
  #save = h("button", { class: "button primary", type: "submit" }, "Save");
  #test = h("button", { class: "button", type: "button", onclick: () => void this.#try() }, "Test");
  #undo = h("button", { class: "button plain", type: "button", onclick: () => this.reset() }, "Undo changes");
  #trial = new Trial();
  #title = h("h2");
  #doings;
  /** @type {Document} */
  #document;
  /** @type {Values} */
  #before;
  #tag = "";

  /**
   * @param {Document | null} document null: a new camera
   * @param {string} tag of its state, as the server named it
   * @param {Doings} doings
   */
  constructor(document, tag, doings) {
    this.#doings = doings;
    this.#document = document ?? {};
    this.#before = valuesOf(this.#document);
    this.#tag = tag;
    this.isNew = document === null;
    this.element = this.#build();
    this.load(document ?? {}, tag);
  }

  get id() {
    return String(this.#document.id ?? "");
  }

  /** Whether something was typed that isn't saved. */
  get isDirty() {
    return Object.keys(changesOf(this.#before, this.#values())).length > 0;
  }

  /**
   * Show a state of the camera; what was typed is gone.
   * @param {Document} document
   * @param {string} tag
   */
  load(document, tag) {
    this.#document = document;
    this.#tag = tag;
    this.#before = valuesOf(document);
    this.reset();
    void this.#showPicture();
  }

  /** The last picture of the camera, for who draws on it. */
  async #showPicture() {
    if (!this.id) return;
    const { last } = await api.get(`/api/1/camera/${this.id}.json`).catch(() => ({ last: null }));
    for (const view of this.#views.values()) view.picture = last === null ? "" : frameAddress(this.id, last - BEFORE_END_S, { width: 960 });
  }

  reset() {
    for (const [path, view] of this.#views) view.value = this.#before[path];
    fill(this.#said);
    this.#clearMistakes();
    this.#trial.clear();
    this.#changed();
  }

  focus() {
    this.#views.get(this.isNew ? "url" : "name")?.focus();
  }

  #build() {
    const groups = GROUPS.map((group) => {
      const fields = group.fields.filter((field) => this.isNew || !field.onlyNew);
      const views = fields.map((field) => {
        const view = new FieldView(field, () => this.#changed());
        this.#views.set(field.path, view);
        return view.element;
      });
      const grid = h("div", { class: "field-grid" }, ...views);
      if (group.folded) return h("details", { class: "panel group" }, h("summary", {}, h("h3", {}, group.title)), grid);
      return h("section", { class: "panel group" }, h("h3", {}, group.title), grid);
    });
    const foot = h("div", { class: "form-foot panel" }, this.#save, this.#test, !this.isNew && this.#undo, !this.isNew && this.#removal());
    const form = h(
      "form",
      { class: "stack", novalidate: true, onsubmit: (/** @type {Event} */ event) => void this.#submit(event) },
      this.#title,
      h("p", { class: "muted small" }, "What stands in grey holds without an entry, as long as “defaults” in nvr.json say nothing else."),
      ...groups,
      this.#trial.element,
      this.#said,
      foot,
    );
    return form;
  }

  /** @returns {Values} */
  #values() {
    const typed = { ...this.#before };
    for (const [path, view] of this.#views) typed[path] = view.value;
    return withoutHidden(typed);
  }

  #changed() {
    for (const { fields } of GROUPS) {
      for (const field of fields) {
        const view = this.#views.get(field.path);
        if (view) view.element.hidden = !isShown(field, (path) => this.#views.get(path)?.value);
      }
    }
    const dirty = this.isDirty;
    this.#title.textContent = this.isNew ? "A new camera" : String(this.#document.name || this.id);
    this.#save.textContent = this.isNew ? "Add the camera" : "Save";
    this.#save.disabled = !this.isNew && !dirty;
    this.#undo.hidden = !dirty;
    this.#doings.changed();
  }

  #clearMistakes() {
    for (const view of this.#views.values()) if (view.mistake) view.mistake = "";
  }

  async #try() {
    this.#clearMistakes();
    if (!this.#hasAddress()) return;
    const document = documentOf(this.#values(), this.isNew ? {} : plain(this.#document));
    this.#test.disabled = true;
    const mistake = await this.#trial.run(document);
    this.#test.disabled = false;
    if (mistake) this.#showMistakes(mistake);
    else this.#trial.element.scrollIntoView({ block: "nearest" });
  }

  #hasAddress() {
    const view = this.#views.get("url");
    if (!view || view.value !== "") return true;
    view.mistake = "An address is needed, such as rtsp://user:password@192.168.1.20/stream1";
    view.focus();
    return false;
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    await this.#send(this.#tag);
  }

  /** @param {string} tag "" = whatever others did meanwhile */
  async #send(tag) {
    this.#clearMistakes();
    fill(this.#said);
    if (!this.#hasAddress()) return;
    this.#save.disabled = true;
    try {
      let newTag = "";
      const seen = (/** @type {Headers} */ headers) => (newTag = headers.get("ETag") ?? "");
      const values = this.#values();
      const saved = this.isNew
        ? await api.post("/api/cameras", documentOf(values), { seen })
        : await api.patch(`/api/cameras/${this.id}`, changesOf(this.#before, values), { seen, headers: tag ? { "If-Match": tag } : {} });
      if (!this.isNew) this.load(saved, newTag);
      this.#doings.saved(saved.id, this.isNew ? `${saved.name} is added; recording begins within seconds.` : `${saved.name} is saved.`);
    } catch (error) {
      this.#save.disabled = false;
      this.#showError(error);
    }
  }

  /** @param {unknown} error */
  #showError(error) {
    if (error instanceof ApiError && error.status === 412) {
      const load = h("button", { class: "button compact", type: "button", onclick: () => void this.#reload() }, "Show theirs");
      const mine = h("button", { class: "button compact", type: "button", onclick: () => void this.#send("") }, "Save mine over it");
      const words = "Somebody else changed this camera in the meantime, or nvr.json was edited.";
      fill(this.#said, h("div", { class: "note", "data-tone": "warn" }, h("p", { class: "grow" }, words), load, mine));
    } else if (error instanceof ApiError && error.more.mistakes) {
      this.#showMistakes(error);
    } else {
      fill(this.#said, h("p", { class: "note", "data-tone": "alert" }, error instanceof Error ? error.message : String(error)));
    }
  }

  /** @param {ApiError} error with `mistakes` */
  #showMistakes(error) {
    const found = mistakesByField(error.more.mistakes ?? []);
    let first = true;
    for (const [path, view] of this.#views) {
      const words = found.get(path);
      if (words === undefined) continue;
      view.mistake = words;
      const folded = view.element.closest("details");
      if (folded) folded.open = true;
      if (first) view.focus();
      first = false;
      found.delete(path);
    }
    const rest = [...found.values()];
    if (rest.length > 0 || first) fill(this.#said, h("div", { class: "note", "data-tone": "alert" }, h("div", { class: "stack tight" }, h("p", {}, error.message), ...rest.map((words) => h("p", { class: "small" }, words)))));
    else fill(this.#said, h("p", { class: "note", "data-tone": "alert" }, "Nothing is saved yet: see what is said at the fields."));
  }

  async #reload() {
    try {
      let tag = "";
      const document = await api.get(`/api/cameras/${this.id}`, { seen: (headers) => (tag = headers.get("ETag") ?? "") });
      this.load(document, tag);
    } catch (error) {
      this.#showError(error);
    }
  }

  #removal() {
    return sureButton({
      label: "Remove this camera",
      question: "It is recorded no more. Its recordings stay, and can be watched.",
      yes: "Remove it",
      run: async () => {
        const name = String(this.#document.name || this.id);
        await api.delete(`/api/cameras/${this.id}`);
        this.#doings.removed(this.id, `${name} is removed; its recordings stay.`);
      },
    });
  }
}

/**
 * The keys of nvr.json alone, without what the interface adds to them; it takes both.
 * @param {Document} document
 */
function plain(document) {
  const { rtsp_url: _alias, ...rest } = document;
  return rest;
}
