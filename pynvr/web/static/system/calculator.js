// @ts-check
/** The calculator of the system page: days out of a disk's size, and its size out of days. */

import { fill, h } from "../shell/dom.js";
import { asMeasured, daysFigure, daysIn, figure, readNumber, roomFor, sizingWords } from "./sizing.js";

const GB = 1e9;
/** Name, label, unit, the most that is taken. @type {[Name, string, string, number][]} */
const FIELDS = [
  ["cameras", "Cameras", "", 10_000],
  ["mbps", "Each sends", "Mbit/s", 1000],
  ["hours", "Hours a day", "", 24],
  ["room", "Room", "GB", 1e9],
  ["days", "Days", "", 1e6],
];

/** @typedef {"cameras" | "mbps" | "hours" | "room" | "days"} Name */

export class Calculator {
  #place;
  /** @type {Map<Name, HTMLInputElement>} */
  #inputs = new Map();
  /** What stands in a field as it was put there, before it was shortened. @type {Map<Name, { text: string, value: number }>} */
  #exact = new Map();
  #disk = h("select", { class: "input", id: "sizing-disk" });
  #mistake = h("p", { class: "mistake", role: "alert" });
  #said = h("div", { class: "stack tight", id: "sizing-said", "aria-live": "polite" });
  /** @type {import("./sizing.js").Measured} */
  #measured = { disks: [], cameras: [] };
  /** Which of the two follows from the other. @type {"room" | "days"} */
  #follows = "days";
  #isUsed = false;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.#place = place;
  }

  /** What is measured now; the fields follow it until somebody uses them. @param {import("./sizing.js").Measured} measured */
  show(measured) {
    this.#measured = measured;
    if (this.#inputs.size === 0) this.#build();
    this.#offerDisks();
    if (!this.#isUsed) this.#fillIn();
  }

  #build() {
    const fields = FIELDS.map(([name, label, unit]) => {
      const input = h("input", { class: "input", id: `sizing-${name}`, inputmode: "decimal", autocomplete: "off", oninput: () => this.#changed(name) });
      this.#inputs.set(name, input);
      const line = unit ? h("span", { class: "with-unit" }, input, h("span", { class: "muted nowrap" }, unit)) : input;
      return h("div", { class: "field" }, h("label", { for: input.id }, label), line);
    });
    this.#disk.addEventListener("change", () => this.#fillIn());
    const again = h("button", { class: "button", type: "button", onclick: () => this.#fillIn() }, "As measured here");
    fill(
      this.#place,
      h("div", { class: "panel stack" },
        h("div", { class: "sizing-fields" }, ...fields),
        this.#mistake,
        this.#said,
        h("div", { class: "row" }, again, h("span", { class: "field", id: "sizing-of" }, h("label", { class: "visually-hidden", for: "sizing-disk" }, "Figures of"), this.#disk)),
      ),
    );
  }

  #offerDisks() {
    const folders = this.#measured.disks.map(({ folder }) => folder);
    const wanted = ["", ...folders];
    if (wanted.join("\n") === [...this.#disk.options].map(({ value }) => value).join("\n")) return;
    const chosen = this.#disk.value;
    this.#disk.replaceChildren(...wanted.map((folder) => h("option", { value: folder }, folder || "all disks")));
    this.#disk.value = wanted.includes(chosen) ? chosen : "";
    if (this.#disk.parentElement) this.#disk.parentElement.hidden = folders.length < 2;
  }

  #fillIn() {
    const { load, room } = asMeasured(this.#measured, this.#disk.value);
    this.#isUsed = false;
    this.#follows = "days";
    for (const name of /** @type {const} */ (["cameras", "mbps", "hours"])) this.#put(name, load[name]);
    this.#put("room", room / GB);
    this.#calculate();
  }

  /** @param {Name} name */
  #changed(name) {
    this.#isUsed = true;
    if (name === "room") this.#follows = "days";
    if (name === "days") this.#follows = "room";
    this.#calculate();
  }

  #calculate() {
    /** @type {Partial<Record<Name, number>>} */
    const given = {};
    /** @type {string[]} */
    const wrong = [];
    for (const [name, label, unit, most] of FIELDS) {
      const input = /** @type {HTMLInputElement} */ (this.#inputs.get(name));
      const exact = this.#exact.get(name);
      const isWhole = name === "cameras";
      const typed = exact?.text === input.value ? exact.value : readNumber(input.value, most, { isWhole });
      const value = name === this.#follows ? null : typed;
      const isWrong = name !== this.#follows && value === null;
      input.setAttribute("aria-invalid", String(isWrong));
      if (isWrong) wrong.push(`${label}: a ${isWhole ? "whole " : ""}number above 0, up to ${most.toLocaleString("en")}${unit ? ` ${unit}` : ""}.`);
      else if (value !== null) given[name] = value;
    }
    this.#mistake.textContent = wrong[0] ?? "";
    if (wrong.length > 0) {
      fill(this.#said);
      return;
    }
    const load = { cameras: given.cameras ?? 0, mbps: given.mbps ?? 0, hours: given.hours ?? 0 };
    const room = this.#follows === "room" ? roomFor(given.days ?? 0, load) : (given.room ?? 0) * GB;
    if (this.#follows === "room") this.#put("room", room / GB);
    else this.#put("days", daysFigure(daysIn(room, load) ?? 0));
    const [first, ...others] = sizingWords(load, room);
    fill(this.#said, h("p", {}, h("b", {}, first)), ...others.map((words) => h("p", { class: "muted" }, words)));
  }

  /** @param {Name} name @param {number} value */
  #put(name, value) {
    const input = this.#inputs.get(name);
    if (!input) return;
    input.value = figure(value);
    this.#exact.set(name, { text: input.value, value });
  }
}
