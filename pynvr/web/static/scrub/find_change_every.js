// @ts-check
/** The question for every lasting change: of which pictures, in which time. */

import { fill, h } from "../shell/dom.js";
import { formatDate, startOfDay } from "../shell/time.js";

/**
 * @typedef {import("./find_change.js").Box} Box
 * @typedef {import("./find_change_panel.js").Page} Page
 * @typedef {import("./take_away.js").Range} Range
 * @typedef {import("../player/camera_player.js").Camera} Camera
 */

export class EveryQuestion {
  element;
  button;
  #page;
  #scope = h("select", { class: "input", "aria-label": "Where to look for every change" });

  /** @param {Page} page @param {() => void} ask */
  constructor(page, ask) {
    this.#page = page;
    this.button = h("button", { class: "button", type: "button", onclick: ask });
    this.element = h("div", { class: "answer-line find-others" }, this.button, this.#scope);
  }

  /** Clock, box, marks or cameras may be others. */
  show() {
    const boxed = this.#page.box.box !== null;
    const several = this.#page.cameras().length;
    const wanted = [
      boxed && ["box", "in the box"],
      ["whole", `in ${this.#page.camera().name}'s whole picture`],
      several > 1 && ["all", `in the pictures of all ${several} cameras`],
    ].filter((one) => one !== false);
    const known = [...this.#scope.options].map(({ value, text }) => [value, text]);
    if (JSON.stringify(known) !== JSON.stringify(wanted)) {
      const before = this.#scope.value;
      const hadBox = known.some(([value]) => value === "box");
      fill(this.#scope, ...wanted.map(([value, words]) => h("option", { value }, words)));
      this.#scope.value = boxed && !hadBox ? "box" : wanted.some(([value]) => value === before) ? before : wanted[0][0];
    }
    const words = `Every lasting change ${this.#range().words}`;
    if (this.button.textContent !== words) this.button.textContent = words;
  }

  /** @returns {{cameras: readonly Camera[], box: Box | null, range: Range}} `box`: null is the whole picture */
  asked() {
    const scope = this.#scope.value;
    const cameras = scope === "all" ? this.#page.cameras() : [this.#page.camera()];
    return { cameras, box: scope === "box" ? this.#page.box.box : null, range: this.#range() };
  }

  /** What is marked, else the day of the clock as far as it has come. @returns {Range & {words: string}} */
  #range() {
    const marked = this.#page.marked();
    if (marked) return { ...marked, words: "in the marked range" };
    const { zone } = this.#page;
    const now = this.#page.now();
    const day = startOfDay(this.#page.moment(), zone);
    const next = startOfDay(day + 1.25 * 86_400, zone);
    const words = now < next ? "today" : `on ${formatDate(day, zone, { year: false })}`;
    return { from: day, to: Math.max(day + 1, Math.min(now, next)), words };
  }
}
