// @ts-check
/** The box that somebody draws in the large picture: by mouse, finger and keys. It stays while the pictures move. */

import { h } from "../shell/dom.js";
import { boxBetween, fitted, grown, hintWords, isMeant, MIDDLE, moved } from "./find_change.js";

/** @typedef {import("./find_change.js").Box} Box */
/** @typedef {import("./tile.js").Tile} Tile */

/** An arrow key moves it by this share of the picture; with Alt by less. */
const STEP = 0.02;
const FINE = 0.004;
const USUAL_ASPECT = 16 / 9;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const CORNERS = /** @type {const} */ ([
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]);

/** What was drawn too small is told for so long. */
const TOLD_MS = 6000;
/** A press without a way of some pixels is a click, not a box. */
const CLICK_PX = 3;

/**
 * Fires `change` when a box was drawn, moved or taken away, or is another camera's; `drawn` if somebody has just done so;
 * and `ask` when Enter is pressed on it.
 */
export class FindBox extends EventTarget {
  #tile = /** @type {Tile | null} */ (null);
  #box = /** @type {Box | null} */ (null);
  #drag = /** @type {((place: {x: number, y: number}) => Box) | null} */ (null);
  #dragged = /** @type {Box | null} */ (null);
  /** Of cameras whose picture isn't the large one now. */
  #kept = /** @type {Map<string, {name: string, box: Box}>} */ (new Map());
  #tooSmall = 0;
  /** Of tile and picture, as it was laid over them last. */
  #form = "";
  #frame;
  #hint = h("p", { class: "find-hint", role: "status" });
  #field;
  #layer;
  #sized = new ResizeObserver(() => this.#fit());
  /** Whoever wants what is at the picture's edge begins beside it. */
  #beside = (/** @type {PointerEvent} */ event) => {
    if (event.target === event.currentTarget) this.#pressed(event);
  };

  constructor() {
    super();
    this.#frame = h(
      "div",
      { class: "find-frame", hidden: true },
      ...CORNERS.map(([right, bottom]) =>
        h("span", { class: "find-corner", "data-corner": `${right}${bottom}`, "aria-hidden": "true" }),
      ),
    );
    this.#field = h(
      "div",
      {
        class: "find-field",
        tabindex: 0,
        role: "group",
        "aria-roledescription": "box in the picture",
        "aria-label":
          "Where to look: arrow keys place and move the box, with Shift they change its size, Enter asks when it changed",
        onpointerdown: (/** @type {PointerEvent} */ event) => this.#pressed(event),
        onpointermove: (/** @type {PointerEvent} */ event) => this.#moved(event),
        onpointerup: () => this.#released(),
        onpointercancel: () => this.#dropped(),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      },
      this.#frame,
    );
    this.#layer = h("div", { class: "find-layer" }, this.#field, this.#hint);
  }

  get box() {
    return this.#box;
  }

  get shown() {
    return this.#layer.isConnected;
  }

  /** Another camera's name, in whose picture a box stays; null: there is none. */
  get elsewhere() {
    return [...this.#kept.values()].at(-1)?.name ?? null;
  }

  /**
   * Lay it over a camera's picture; each camera keeps the box that was drawn in its picture.
   * @param {Tile} tile
   */
  show(tile) {
    if (this.#tile !== tile) {
      this.#dropped();
      this.#forgetTooSmall();
      if (this.#tile && this.#box) this.#kept.set(this.#tile.id, { name: this.#tile.name, box: this.#box });
      const box = this.#kept.get(tile.id)?.box ?? null;
      this.#kept.delete(tile.id);
      this.#tile = tile;
      this.#set(box);
      this.#sized.disconnect();
      this.#sized.observe(tile.element);
    }
    this.#tile = tile;
    tile.element.append(this.#layer);
    tile.element.parentElement?.addEventListener("pointerdown", this.#beside);
    this.#fit();
    this.#draw();
  }

  hide() {
    this.#sized.disconnect();
    this.#tile?.element.parentElement?.removeEventListener("pointerdown", this.#beside);
    this.#tile = null;
    this.#kept.clear();
    this.#forgetTooSmall();
    this.#layer.remove();
    this.#set(null);
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** The picture may have another form now. */
  refresh() {
    if (this.shown) this.#fit();
  }

  /** @param {Box | null} box */
  #set(box) {
    const same = JSON.stringify(box) === JSON.stringify(this.#box);
    this.#box = box;
    this.#draw();
    if (!same) this.dispatchEvent(new Event("change"));
  }

  #fit() {
    if (!this.#tile) return;
    const { clientWidth: wide, clientHeight: high } = this.#layer;
    const aspect = aspectOf(this.#tile.element);
    const form = `${wide} ${high} ${aspect}`;
    if (form === this.#form) return;
    this.#form = form;
    const { left, top, width, height } = fitted(wide, high, aspect);
    const { style } = this.#field;
    [style.left, style.top, style.width, style.height] = [left, top, width, height].map((value) => `${value}px`);
  }

  /** @param {{clientX: number, clientY: number}} event */
  #placeOf({ clientX, clientY }) {
    const { left, top, width, height } = this.#field.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    if (event.button !== 0 || this.#drag) return;
    event.preventDefault();
    this.#forgetTooSmall();
    this.focus();
    this.#field.setPointerCapture(event.pointerId);
    const from = this.#placeOf(event);
    const box = this.#box;
    const corner = event.target instanceof HTMLElement ? event.target.dataset["corner"] : undefined;
    if (box && corner) {
      const [right, bottom] = [corner[0] === "1", corner[1] === "1"];
      const fixed = { x: right ? box[0] : box[0] + box[2], y: bottom ? box[1] : box[1] + box[3] };
      this.#drag = (place) => boxBetween(fixed, place);
    } else if (box && this.#frame.contains(/** @type {Node} */ (event.target))) {
      this.#drag = (place) => moved(box, place.x - from.x, place.y - from.y);
    } else {
      this.#drag = (place) => boxBetween(from, place);
    }
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    if (!this.#drag) return;
    this.#dragged = this.#drag(this.#placeOf(event));
    this.#draw();
  }

  #released() {
    const drawn = this.#dragged;
    this.#dropped();
    if (drawn && isMeant(drawn)) return this.#drawn(drawn);
    if (!drawn) return;
    const { width, height } = this.#field.getBoundingClientRect();
    if (Math.max(drawn[2] * width, drawn[3] * height) <= CLICK_PX) return;
    this.#tooSmall = window.setTimeout(() => this.#forgetTooSmall(), TOLD_MS);
    this.#draw();
  }

  #forgetTooSmall() {
    clearTimeout(this.#tooSmall);
    this.#tooSmall = 0;
    this.#draw();
  }

  /** @param {Box | null} box */
  #drawn(box) {
    this.#set(box);
    this.dispatchEvent(new Event("drawn"));
  }

  #dropped() {
    this.#drag = this.#dragged = null;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const direction = ARROWS[event.key];
    if (direction && !event.ctrlKey && !event.metaKey) {
      const step = event.altKey ? FINE : STEP;
      const [dx, dy] = direction.map((side) => side * step);
      const change = event.shiftKey ? grown : moved;
      this.#drawn(this.#box ? change(this.#box, dx, dy) : MIDDLE);
    } else if (event.key === "Enter") {
      if (this.#box) this.dispatchEvent(new Event("ask"));
      else this.#drawn(MIDDLE);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.#drawn(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #draw() {
    const box = this.#dragged ?? this.#box;
    this.#frame.hidden = box === null;
    this.#layer.toggleAttribute("data-drawing", this.#dragged !== null);
    const words = hintWords({ isTooSmall: this.#tooSmall !== 0, isBoxed: box !== null, elsewhere: this.elsewhere });
    if (this.#hint.textContent !== words) this.#hint.textContent = words;
    if (box === null) return;
    const { style } = this.#frame;
    [style.left, style.top, style.width, style.height] = box.map((share) => `${share * 100}%`);
  }
}

/** Of what the tile shows. @param {HTMLElement} tile */
function aspectOf(tile) {
  const video = tile.querySelector("video");
  if (video && video.videoWidth > 0) return video.videoWidth / video.videoHeight;
  const still = tile.querySelector("canvas");
  return still && still.width > 0 && still.height > 0 && !still.hidden ? still.width / still.height : USUAL_ASPECT;
}
