// @ts-check
/** Which cameras are on the page, at most sixteen. */

import { fill, h } from "../shell/dom.js";
import { counted } from "../shell/words.js";
import { MOST_CAMERAS } from "./address.js";
import { Menu } from "./menus.js";

/** @typedef {import("../player/camera_player.js").Camera} Camera */

/** From so many on they can be searched. */
const MANY = 9;

export class CameraMenu {
  #change;
  #list = h("div", { class: "camera-list", role: "group", "aria-label": "Cameras on this page" });
  #words = h("p", { class: "small muted", "aria-live": "polite" });
  #find;
  #all = /** @type {readonly Camera[]} */ ([]);
  #shown = /** @type {string[]} */ ([]);

  /** @param {(cameraIds: string[]) => void} change */
  constructor(change) {
    this.#change = change;
    this.#find = h("input", {
      class: "input",
      type: "search",
      placeholder: "Find a camera",
      "aria-label": "Find a camera",
      oninput: () => this.#draw(),
    });
    const body = h("div", { class: "camera-menu" }, this.#find, this.#list, this.#words);
    this.menu = new Menu("Cameras", body, { opened: () => this.#draw() });
  }

  /**
   * @param {readonly Camera[]} all
   * @param {readonly string[]} shown
   */
  show(all, shown) {
    this.#all = all;
    this.#shown = [...shown];
    this.menu.setText(counted(shown.length, "camera"));
    if (this.menu.element.open) this.#draw();
  }

  #draw() {
    this.#find.hidden = this.#all.length < MANY;
    const wanted = this.#find.hidden ? "" : this.#find.value.trim().toLowerCase();
    const full = this.#shown.length >= MOST_CAMERAS;
    fill(
      this.#list,
      ...this.#all
        .filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(wanted))
        .map(({ id, name }) => {
          const on = this.#shown.includes(id);
          const box = h("input", {
            type: "checkbox",
            checked: on,
            // One stays.
            disabled: (on && this.#shown.length === 1) || (!on && full),
            onchange: () => this.#toggle(id, box.checked),
          });
          return h("label", { class: "check" }, box, name);
        }),
    );
    this.#words.textContent = full ? `${MOST_CAMERAS} at a time are as many as fit.` : "";
  }

  /** @param {string} id @param {boolean} on */
  #toggle(id, on) {
    const wanted = on ? [...this.#shown, id] : this.#shown.filter((other) => other !== id);
    // In the order in which they are listed everywhere.
    this.#change(this.#all.map((camera) => camera.id).filter((other) => wanted.includes(other)));
  }
}
