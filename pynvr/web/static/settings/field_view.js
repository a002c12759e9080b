// @ts-check
/** One field of the form: label, input, hint, mistake. */

import { h } from "../shell/dom.js";
import { ScheduleEditor } from "./schedule_editor.js";
import { ZoneEditor } from "./zone_editor.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./document.js").Value} Value */

let count = 0;

export class FieldView {
  #mistake = h("p", { class: "mistake", role: "alert" });
  #field;
  /** @type {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement | null} */
  #input = null;
  /** @type {ScheduleEditor | ZoneEditor | null} */
  #editor = null;
  #unreadable = h("p", { class: "hint" }, "What nvr.json says here is written in a way that only the file itself can show.");

  /**
   * @param {Field} field
   * @param {() => void} changed
   */
  constructor(field, changed) {
    this.#field = field;
    this.element = this.#build(changed);
    this.element.dataset.field = field.path;
    this.element.classList.toggle("wide", Boolean(field.wide));
  }

  /** @returns {Value} */
  get value() {
    if (this.#editor) return this.#unreadable.isConnected ? null : this.#editor.value;
    if (this.#input instanceof HTMLInputElement && this.#input.type === "checkbox") return this.#input.checked;
    return this.#input?.value ?? "";
  }

  /** @param {Value} value */
  set value(value) {
    if (this.#editor) {
      if (value === null) this.#editor.element.replaceWith(this.#unreadable);
      else {
        this.#unreadable.replaceWith(this.#editor.element);
        this.#editor.value = /** @type {any} any: periods or zones, as the field has them */ (Array.isArray(value) ? value : []);
      }
    } else if (this.#input instanceof HTMLInputElement && this.#input.type === "checkbox") {
      this.#input.checked = Boolean(value);
    } else if (this.#input) {
      this.#input.value = String(value ?? "");
    }
  }

  set mistake(/** @type {string} */ words) {
    this.#mistake.textContent = words;
    if (words) this.#input?.setAttribute("aria-invalid", "true");
    else this.#input?.removeAttribute("aria-invalid");
  }

  get mistake() {
    return this.#mistake.textContent ?? "";
  }

  focus() {
    (this.#input ?? this.element.querySelector("button"))?.focus();
  }

  /** @param {string} address of the camera's picture, for who draws on it; "" = there is none */
  set picture(address) {
    if (this.#editor instanceof ZoneEditor) this.#editor.picture = address;
  }

  /** @param {() => void} changed */
  #build(changed) {
    switch (this.#field.kind) {
      case "schedule":
        return this.#schedule(changed);
      case "zones":
        return this.#drawn(changed);
      case "boolean":
        return this.#check(changed);
      default:
        return this.#line(changed);
    }
  }

  /** @param {() => void} changed */
  #line(changed) {
    const { label, kind, hint, unit, fallback, options, required, path } = this.#field;
    const id = `field-${(count += 1)}`;
    const described = [hint && `${id}-hint`, `${id}-mistake`].filter(Boolean).join(" ");
    const common = { class: "input", id, name: path, "aria-describedby": described, autocomplete: "off" };
    this.#mistake.id = `${id}-mistake`;
    if (kind === "choice" || kind === "switch") {
      const known = (options ?? []).find(([value]) => value === fallback)?.[1] ?? "";
      // Inside a sentence; TCP stays TCP.
      const words = /^[A-Z][a-z]/.test(known) ? known.charAt(0).toLowerCase() + known.slice(1) : known;
      const all = [["", `Default (${words})`], ...(options ?? [])];
      this.#input = h("select", common, ...all.map(([value, words]) => h("option", { value }, words)));
    } else if (kind === "headers") {
      this.#input = h("textarea", { ...common, rows: 2, placeholder: fallback, spellcheck: "false", autocapitalize: "none" });
    } else {
      this.#input = h("input", {
        ...common,
        type: "text",
        inputmode: kind === "number" ? "decimal" : kind === "url" ? "url" : undefined,
        placeholder: fallback,
        spellcheck: kind === "text" ? undefined : "false",
        autocapitalize: "none",
        required,
        "aria-required": required ? "true" : undefined,
      });
    }
    this.#input.addEventListener("input", changed);
    return h(
      "div",
      { class: "field" },
      h("label", { for: id }, label),
      unit ? h("span", { class: "with-unit" }, this.#input, h("span", { class: "muted" }, unit)) : this.#input,
      this.#mistake,
      hint && h("p", { class: "hint", id: `${id}-hint` }, hint),
    );
  }

  /** @param {() => void} changed */
  #check(changed) {
    const input = h("input", { type: "checkbox", name: this.#field.path });
    this.#input = input;
    input.addEventListener("change", changed);
    return h("div", { class: "field" }, h("label", { class: "check" }, input, ` ${this.#field.label}`), this.#mistake);
  }

  /** @param {() => void} changed */
  #drawn(changed) {
    this.#editor = new ZoneEditor(changed);
    const hint = h("p", { class: "hint" }, "Draw rectangles on the picture, and move their corners; the points between corners make new ones.");
    return h("fieldset", { class: "field" }, h("legend", { class: "label" }, this.#field.label), this.#editor.element, this.#mistake, hint);
  }

  /** @param {() => void} changed */
  #schedule(changed) {
    this.#editor = new ScheduleEditor(changed);
    const hint = h("p", { class: "hint" }, "A period whose end isn't after its start goes over midnight.");
    return h("fieldset", { class: "field" }, h("legend", { class: "label" }, this.#field.label), this.#editor.element, this.#mistake, hint);
  }
}
