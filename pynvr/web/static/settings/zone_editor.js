// @ts-check
/** Zones drawn on the camera's picture: by mouse, finger and keys. */

import { fill, h } from "../shell/dom.js";
import { isMeant, MOST_CORNERS, MOST_ZONES, rectangle, withAdded, withMoved, withoutCorner } from "./zones.js";

/** @typedef {import("./zones.js").Zone} Zone */
/** @typedef {import("./zones.js").Corner} Corner */

const SVG = "http://www.w3.org/2000/svg";
/** An arrow key moves a corner by this share; with Shift by more. */
const STEP = 0.01;
const LEAP = 0.1;
/** Where "Add a zone" puts one. */
const FIRST = /** @type {[Corner, Corner]} */ ([[0.25, 0.25], [0.75, 0.75]]);

/** @type {Record<string, Corner>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class ZoneEditor {
  #changed;
  #picture = h("img", { alt: "", hidden: true, draggable: "false" });
  #shapes = document.createElementNS(SVG, "svg");
  #handles = h("div", { class: "zone-handles" });
  #list = h("div", { class: "row zone-list" });
  #field = h("div", { class: "zone-field" }, this.#picture);
  /** @type {Zone[]} */
  #zones = [];
  /** @type {{zone: number, corner: number} | {from: Corner} | null} what the pointer that is down does */
  #drag = null;
  /** @type {Corner | null} where it was last */
  #last = null;
  element = h("div", { class: "zone-editor stack tight" }, this.#field, this.#list);

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
    this.#shapes.setAttribute("viewBox", "0 0 1 1");
    this.#shapes.setAttribute("preserveAspectRatio", "none");
    this.#shapes.setAttribute("aria-hidden", "true");
    this.#field.append(this.#shapes, this.#handles);
    this.#picture.addEventListener("load", () => (this.#picture.hidden = false));
    this.#picture.addEventListener("error", () => (this.#picture.hidden = true));
    this.#field.addEventListener("pointerdown", (event) => this.#pressed(event));
    this.#field.addEventListener("pointermove", (event) => this.#moved(event));
    for (const end of ["pointerup", "pointercancel"]) this.#field.addEventListener(end, () => this.#released());
  }

  get value() {
    return this.#zones;
  }

  set value(/** @type {Zone[]} */ zones) {
    this.#zones = zones;
    this.#draw();
  }

  /** @param {string} address of the camera's picture; "" = there is none */
  set picture(address) {
    if (address) this.#picture.src = address;
    else this.#picture.hidden = true;
  }

  /** @param {Zone[]} zones */
  #change(zones) {
    this.#zones = zones;
    this.#draw();
    this.#changed();
  }

  /** @param {PointerEvent} event @returns {Corner} */
  #placeOf({ clientX, clientY }) {
    const { left, top, width, height } = this.#field.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    if (event.button !== 0 || this.#drag) return;
    const handle = event.target instanceof Element ? event.target.closest("button") : null;
    if (handle) {
      const [zone, corner] = [Number(handle.dataset.zone), Number(handle.dataset.corner)];
      if (handle.dataset.middle !== undefined) this.#change(withAdded(this.#zones, zone, corner));
      this.#drag = { zone, corner: handle.dataset.middle === undefined ? corner : corner + 1 };
    } else if (this.#zones.length < MOST_ZONES) {
      this.#drag = { from: this.#placeOf(event) };
    } else return;
    this.#field.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    const drag = this.#drag;
    if (!drag) return;
    const place = this.#placeOf(event);
    if ("from" in drag) this.#draw(rectangle(drag.from, place));
    else this.#change(withMoved(this.#zones, drag.zone, drag.corner, place));
    this.#last = place;
  }

  #released() {
    const drag = this.#drag;
    this.#drag = null;
    if (drag && "from" in drag) {
      const drawn = this.#last ? rectangle(drag.from, this.#last) : null;
      if (drawn && isMeant(drawn)) this.#change([...this.#zones, drawn]);
      else this.#draw();
    } else if (drag) this.#focus(drag.zone, drag.corner);
    this.#last = null;
  }

  /** @param {KeyboardEvent} event @param {number} zone @param {number} corner */
  #key(event, zone, corner) {
    const direction = ARROWS[event.key];
    if (direction) {
      const [x, y] = this.#zones[zone][corner];
      const step = event.shiftKey ? LEAP : STEP;
      this.#change(withMoved(this.#zones, zone, corner, [x + direction[0] * step, y + direction[1] * step]));
    } else if (event.key === "Delete" || event.key === "Backspace") this.#change(withoutCorner(this.#zones, zone, corner));
    else if (event.key === "Insert" || event.key === "+") this.#change(withAdded(this.#zones, zone, corner));
    else return;
    event.preventDefault();
    const left = this.#zones[zone]?.length ?? 0;
    if (left > 0) this.#focus(zone, Math.min(corner, left - 1));
    else this.#list.querySelector("button")?.focus();
  }

  /** What is pressed is made anew with it: who works by keyboard goes on at the new zone … */
  #add() {
    this.#change([...this.#zones, rectangle(...FIRST)]);
    this.#focus(this.#zones.length - 1, 0);
  }

  /** … or at the buttons. @param {number} zone */
  #remove(zone) {
    this.#change(this.#zones.filter((_, other) => other !== zone));
    this.#list.querySelector("button")?.focus();
  }

  /** @param {number} zone @param {number} corner */
  #focus(zone, corner) {
    /** @type {HTMLElement | null} */
    const handle = this.#handles.querySelector(`[data-zone="${zone}"][data-corner="${corner}"]:not([data-middle])`);
    handle?.focus();
  }

  /** @param {Zone} [drawn] what is being drawn */
  #draw(drawn) {
    const shown = drawn ? [...this.#zones, drawn] : this.#zones;
    const outlines = shown.map((zone) => {
      const shape = document.createElementNS(SVG, "polygon");
      shape.setAttribute("points", zone.map((corner) => corner.join(",")).join(" "));
      return shape;
    });
    this.#shapes.replaceChildren(...outlines);
    fill(this.#handles, ...this.#zones.flatMap((zone, number) => zone.flatMap((corner, index) => this.#handlesOf(zone, number, corner, index))));
    const add = h("button", { class: "button compact", type: "button", disabled: this.#zones.length >= MOST_ZONES, onclick: () => this.#add() }, "Add a zone");
    const removals = this.#zones.map((_, number) =>
      h("button", { class: "button compact danger", type: "button", onclick: () => this.#remove(number) }, `Remove zone ${number + 1}`),
    );
    fill(this.#list, h("span", { class: "muted small" }, this.#zones.length ? "" : "The whole picture counts."), add, ...removals);
  }

  /** @param {Zone} zone @param {number} number @param {Corner} corner @param {number} index */
  #handlesOf(zone, number, corner, index) {
    const next = zone[(index + 1) % zone.length];
    const place = { "data-zone": number, "data-corner": index };
    const name = `Zone ${number + 1}, corner ${index + 1}: arrows move it, Insert adds one, Delete removes it`;
    const own = h("button", { ...place, class: "zone-corner", type: "button", "aria-label": name, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event, number, index) });
    put(own, corner);
    if (zone.length >= MOST_CORNERS) return [own];
    const middle = h("button", { ...place, "data-middle": "", class: "zone-corner middle", type: "button", tabindex: -1, "aria-hidden": "true", "aria-label": "Add a corner" });
    put(middle, [(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2]);
    return [middle, own];
  }
}

/** @param {HTMLElement} element @param {Corner} corner */
function put(element, [x, y]) {
  element.style.left = `${x * 100}%`;
  element.style.top = `${y * 100}%`;
}
