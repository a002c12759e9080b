// @ts-check
/** What a hand on the canvas does to the axis: gestures and keys become moves of view, cursor and selection, and events. */

import { EdgePan } from "./edge_pan.js";
import { Gestures } from "./gestures.js";
import { listen } from "./pointer.js";
import { foundAt } from "./found.js";
import { areaAt, cameraAt } from "./rows.js";
import { SHAPES, targetAt } from "./targets.js";
import { TouchLabel } from "./touch_label.js";

/** @typedef {import("./gestures.js").Action} Action */
/** @typedef {import("./pointer.js").Place} Place */
/**
 * @typedef {object} Axis what the hand moves
 * @property {import("./position.js").Position} position
 * @property {() => import("./rows.js").Layout} layout
 * @property {() => import("./scale.js").Scale} scale
 * @property {() => import("./draw_over.js").Box | null} wayBack
 * @property {() => readonly import("./found.js").Diamond[]} found
 * @property {() => number} now
 * @property {(t: number) => string} words
 * @property {(change: () => void) => void} move does what may move the view, and tells if it did
 * @property {(t: number, options?: {reveal?: boolean}) => void} setCursor
 * @property {(scroll: number) => void} scrollTo
 * @property {() => void} redraw
 * @property {(factor: number) => void} zoom around the cursor
 * @property {(type: string, detail: unknown) => void} tell
 */

const KEY_ZOOM = 1.5;

export class Hand {
  #canvas;
  #axis;
  #gestures = new Gestures();
  #touchLabel = new TouchLabel();
  #edgePan;
  /** @type {Place | null} */
  #hover = null;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Axis} axis
   * @param {AbortSignal} signal ends it
   */
  constructor(canvas, axis, signal) {
    this.#canvas = canvas;
    this.#axis = axis;
    this.#edgePan = new EdgePan(() => this.#gestures.drag, axis.scale, (pixels) => this.#dragView(pixels));
    listen(canvas, this.#gestures, {
      target: (place) => this.#target(place),
      perform: (actions) => this.#perform(actions),
      hover: (place) => this.#hovered(place),
    }, signal);
    canvas.addEventListener("keydown", (event) => this.#key(event), { signal });
    signal.addEventListener("abort", () => {
      this.#edgePan.stop();
      this.#touchLabel.remove();
    });
  }

  /** Whether a pointer is down. */
  get busy() {
    return this.#gestures.busy;
  }

  get state() {
    return this.#gestures.state;
  }

  /**
   * The instant under a mouse that only looks; null if there is none.
   * @returns {number | null}
   */
  get pointedAt() {
    return this.#hover?.kind === "mouse" && !this.busy ? this.#axis.scale().timeInside(this.#hover.x) : null;
  }

  /** @param {Place} place */
  #target(place) {
    const { layout, scale, position, wayBack, found } = this.#axis;
    return targetAt(place, layout(), scale(), position.selection, wayBack(), found());
  }

  /** @param {Action[]} actions */
  #perform(actions) {
    for (const action of actions) this.#do(action);
    this.#edgePan.watch();
    const { drag, state } = this.#gestures;
    if (drag?.kind === "touch") this.#touchLabel.show(this.#canvas, drag, this.#axis.words(this.#past(drag.x)));
    else this.#touchLabel.hide();
    if (state === "pan") this.#canvas.style.cursor = "grabbing";
  }

  /** @param {Action} action */
  #do(action) {
    const { position, tell } = this.#axis;
    const scale = this.#axis.scale();
    switch (action.do) {
      case "seek": {
        const time = this.#past(action.x);
        this.#axis.setCursor(time);
        tell("seek", { time, cameraId: this.#cameraAt(action.y), phase: action.phase });
        break;
      }
      case "activate":
        tell("activate", { time: this.#past(action.x), cameraId: this.#cameraAt(action.y) });
        break;
      case "choose":
        tell("choose", { cameraId: this.#cameraAt(action.y) });
        break;
      case "pan":
        this.#axis.move(() => position.pan(-action.dx * scale.secondsPerPixel));
        break;
      case "zoom":
        this.#axis.move(() => position.zoom(action.factor, scale.timeInside(action.x)));
        break;
      case "scroll":
        this.#axis.scrollTo(this.#axis.layout().scroll - action.dy);
        break;
      case "select":
        if (!position.select(this.#past(action.x), action.edge, action.phase)) break;
        this.#axis.redraw();
        tell("select", { ...position.selection, phase: action.phase });
        break;
      case "clear":
        position.setSelection(null);
        this.#axis.redraw();
        tell("select", null);
        break;
      case "back":
        this.#axis.setCursor(position.cursor, { reveal: true });
        break;
      case "found":
        tell("found", { index: foundAt(this.#axis.found(), action) });
        break;
    }
  }

  /**
   * The instant of a pixel, but none that is still to come.
   * @param {number} x
   */
  #past(x) {
    return Math.min(this.#axis.scale().timeInside(x), this.#axis.now());
  }

  /** @param {number} y */
  #cameraAt(y) {
    return cameraAt(this.#axis.layout(), y)?.id ?? null;
  }

  /** @param {number} pixels by which a drag at the edge moves the view */
  #dragView(pixels) {
    const { move, position, scale } = this.#axis;
    move(() => position.pan(pixels * scale().secondsPerPixel));
    const { drag } = this.#gestures;
    if (drag) this.#perform(this.#gestures.move(drag));
  }

  /** @param {(Place & {dragging: boolean}) | null} place */
  #hovered(place) {
    const scale = this.#axis.scale();
    const inside = place !== null && areaAt(this.#axis.layout(), place.x, place.y) !== "names" && place.x <= scale.right;
    this.#hover = inside ? place : null;
    this.#axis.redraw();
    if (place && !place.dragging) this.#canvas.style.cursor = SHAPES[this.#target(place)];
    if (!place || !inside) {
      this.#axis.tell("hover", null);
      return;
    }
    const { x, y, kind, dragging } = place;
    this.#axis.tell("hover", { time: scale.timeInside(x), cameraId: this.#cameraAt(y), x, y, kind, dragging });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") this.#axis.zoom(1 / KEY_ZOOM);
    else if (event.key === "-" || event.key === "_") this.#axis.zoom(KEY_ZOOM);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
