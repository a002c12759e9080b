// @ts-check
/**
 * The time axis: one canvas with a row for each camera, moved and zoomed by hand, drawn when something has changed.
 *
 * It owns the view, the cursor and the selection, and tells about them by events (`detail` in brackets):
 * - `seek` {time, cameraId, phase: "move" | "end"}: the user drags the cursor, or has let go of it
 * - `cursor` {time}: moved, by whom ever
 * - `activate` {time, cameraId}: double click or double tap
 * - `hover` {time, cameraId, x, y, kind, dragging} | null: CSS pixels on the canvas
 * - `view` {from, to}: moved, by whom ever
 * - `select` {from, to, phase: "begin" | "move" | "end"} | null when a click with Alt or Shift takes it away
 * - `choose` {cameraId}: its name was clicked
 */

import { cursorWords } from "./draw_over.js";
import { EdgePan } from "./edge_pan.js";
import { Gestures } from "./gestures.js";
import { listen } from "./pointer.js";
import { Position } from "./position.js";
import { areaAt, cameraAt, layout, preferredHeight } from "./rows.js";
import { Scale } from "./scale.js";
import { axisWords, rowState } from "./state.js";
import { Surface } from "./surface.js";
import { Spoken } from "./spoken.js";
import { SHAPES, targetAt } from "./targets.js";
import { resolutionFor } from "./tiles.js";
import { TouchLabel } from "./touch_label.js";
import { watchLooks } from "./watch_looks.js";

/** @typedef {import("./source.js").TimelineSource} TimelineSource */
/** @typedef {import("./rows.js").Camera} Camera */
/** @typedef {import("./rows.js").Layout} Layout */
/** @typedef {import("./scale.js").View} View */
/** @typedef {import("./gestures.js").Action} Action */
/** @typedef {import("./gestures.js").Press} Press */
/** @typedef {import("./position.js").Selection} Selection */

const KEY_ZOOM = 1.5;
const NOW_MS = 500;

export class Timeline extends EventTarget {
  #canvas;
  #surface;
  #source;
  #gestures = new Gestures();
  #ending = new AbortController();
  #spoken;
  #touchLabel = new TouchLabel();
  #edgePan;

  /** @type {Camera[]} */
  #cameras = [];
  #position;
  /** @type {{x: number, y: number, kind: Press["kind"]} | null} */
  #hover = null;
  #scroll = 0;
  /** @type {Layout} */
  #layout;
  /** @type {import("./draw_over.js").Box | null} */
  #wayBack = null;

  #frame = 0;
  #layerIsOld = true;
  #frames = 0;
  #layers = 0;
  #drawMs = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #nowTimer;

  /**
   * @param {HTMLCanvasElement} canvas as large as the page makes it; see `preferredHeight`
   * @param {TimelineSource} source
   */
  constructor(canvas, source) {
    super();
    this.#canvas = canvas;
    this.#source = source;
    this.#surface = new Surface(canvas);
    const now = source.now();
    this.#position = new Position({ from: now - 3600, to: now + 300 }, now, () => source.now());
    this.#layout = this.#measured();
    this.#spoken = new Spoken(canvas, this);
    const { signal } = this.#ending;
    listen(canvas, this.#gestures, {
      target: (x, y, kind) => this.#target(x, y, kind),
      perform: (actions) => this.#perform(actions),
      hover: (place) => this.#hovered(place),
    }, signal);
    this.#edgePan = new EdgePan(() => this.#gestures.drag, () => this.#scale, (pixels) => this.#dragView(pixels));
    canvas.addEventListener("keydown", (event) => this.#key(event), { signal });
    document.addEventListener("visibilitychange", () => this.invalidate(), { signal });
    source.addEventListener("change", () => this.invalidate(), { signal });
    watchLooks(canvas, () => this.#renew(), signal);
  }

  get cameras() {
    return this.#cameras;
  }

  /** @returns {View} epoch seconds */
  get view() {
    return { ...this.#position.view };
  }

  get cursor() {
    return this.#position.cursor;
  }

  /** @returns {Selection | null} */
  get selection() {
    const { selection } = this.#position;
    return selection && { ...selection };
  }

  /** Whether a pointer is down: the page leaves the view alone then. */
  get busy() {
    return this.#gestures.busy;
  }

  get zone() {
    return this.#source.zone;
  }

  get source() {
    return this.#source;
  }

  /** CSS pixels at which the rows are as high as they are best. */
  get preferredHeight() {
    return preferredHeight(this.#cameras.length, isTouch());
  }

  /** @param {Camera[]} cameras */
  setCameras(cameras) {
    this.#cameras = cameras.map(({ id, name }) => ({ id, name }));
    this.#relayout();
  }

  /**
   * Moves the view, unless a pointer is down.
   * @param {number} from epoch seconds
   * @param {number} to
   */
  setView(from, to) {
    if (!this.busy) this.#move(() => this.#position.look({ from, to }));
  }

  /**
   * @param {number} t epoch seconds
   * @param {{follow?: boolean, reveal?: boolean}} [options] `follow`: keep it in view while it plays, unless the user
   *   looks elsewhere or has a pointer down; `reveal`: bring it into view even then (not while a pointer is down)
   */
  setCursor(t, { follow = false, reveal = false } = {}) {
    const previous = this.cursor;
    this.#move(() => this.#position.setCursor(t, { follow, reveal, held: this.busy }));
    this.#drawSoon();
    if (t !== previous) this.#tell("cursor", { time: t });
    this.#spoken.cursorMoved();
  }

  /** @param {Selection | null} selection */
  setSelection(selection) {
    this.#position.setSelection(selection);
    this.#drawSoon();
  }

  /**
   * Zooms around the cursor, or around the middle where it isn't seen.
   * @param {number} factor below 1 shows less time
   */
  zoom(factor) {
    this.#move(() => this.#position.zoom(factor, this.#position.pivot));
  }

  /** Draws all of it anew, soon. */
  invalidate() {
    this.#layerIsOld = true;
    this.#drawSoon();
    this.#spoken.viewChanged();
  }

  /** Ends listeners, timers and what was added to the page. The source stays open. */
  close() {
    this.#ending.abort();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#nowTimer);
    this.#edgePan.stop();
    this.#touchLabel.remove();
    this.#spoken.close();
  }

  /** What is shown, in values: for tests, and for who wants to know why it looks as it does. */
  get state() {
    const scale = this.#scale;
    const resolution = resolutionFor(scale.secondsPerPixel);
    return {
      view: this.view,
      cursor: this.cursor,
      selection: this.selection,
      timezone: this.zone.name,
      resolution,
      layout: this.#layout,
      axis: { left: scale.left, width: scale.width },
      ...axisWords(this.#surface.ticks, this.view),
      rows: this.#layout.rows.map((row) => rowState(row, this.pieces(row.camera.id), resolution, this.#source.now())),
      gesture: this.#gestures.state,
      hover: this.#hover && scale.timeInside(this.#hover.x),
      strayed: this.#position.strayed,
      loading: this.#source.loading,
      problem: this.#source.problem,
      frames: this.#frames,
      layers: this.#layers,
      drawMs: this.#drawMs,
    };
  }

  /**
   * The pixel of an instant.
   * @param {number} t
   */
  xOf(t) {
    return this.#scale.x(t);
  }

  /** @param {number} x CSS pixels on the canvas */
  timeAt(x) {
    return this.#scale.timeInside(x);
  }

  get #scale() {
    const { gutter, width } = this.#layout;
    const right = gutter ? 12 : 0;
    return new Scale(this.#position.view, gutter, width - gutter - right);
  }

  /**
   * Does what may move the view, and tells if it did.
   * @param {() => void} change
   */
  #move(change) {
    const { from, to } = this.#position.view;
    change();
    const { view } = this.#position;
    if (view.from === from && view.to === to) return;
    this.invalidate();
    this.#tell("view", { ...view });
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {Press["kind"]} kind
   */
  #target(x, y, kind) {
    return targetAt({ x, y, kind }, this.#layout, this.#scale, this.#position.selection, this.#wayBack);
  }

  /** @param {Action[]} actions */
  #perform(actions) {
    for (const action of actions) this.#do(action);
    this.#edgePan.watch();
    const { drag } = this.#gestures;
    if (!drag || drag.kind !== "touch") this.#touchLabel.hide();
    else this.#touchLabel.show(this.#canvas, drag, this.#words(this.#scale.timeInside(drag.x)));
    this.#canvas.style.cursor = this.#gestures.state === "pan" ? "grabbing" : this.#canvas.style.cursor;
  }

  /** @param {Action} action */
  #do(action) {
    const scale = this.#scale;
    switch (action.do) {
      case "seek": {
        const time = this.#past(action.x);
        this.setCursor(time);
        this.#tell("seek", { time, cameraId: this.#cameraAt(action.y), phase: action.phase });
        break;
      }
      case "activate":
        this.#tell("activate", { time: this.#past(action.x), cameraId: this.#cameraAt(action.y) });
        break;
      case "choose":
        this.#tell("choose", { cameraId: this.#cameraAt(action.y) });
        break;
      case "pan":
        this.#move(() => this.#position.pan(-action.dx * scale.secondsPerPixel));
        break;
      case "zoom":
        this.#move(() => this.#position.zoom(action.factor, scale.timeInside(action.x)));
        break;
      case "scroll":
        this.#scroll = this.#layout.scroll - action.dy;
        this.#relayout();
        break;
      case "select":
        if (!this.#position.select(this.#past(action.x), action.edge, action.phase)) break;
        this.#drawSoon();
        this.#tell("select", { ...this.selection, phase: action.phase });
        break;
      case "clear":
        this.setSelection(null);
        this.#tell("select", null);
        break;
      case "back":
        this.setCursor(this.cursor, { reveal: true });
        break;
    }
  }

  /**
   * The instant of a pixel, but none that is still to come.
   * @param {number} x
   */
  #past(x) {
    return Math.min(this.#scale.timeInside(x), this.#source.now());
  }

  /** @param {number} y */
  #cameraAt(y) {
    return cameraAt(this.#layout, y)?.id ?? null;
  }

  /** @param {number} pixels by which a drag at the edge moves the view */
  #dragView(pixels) {
    this.#move(() => this.#position.pan(pixels * this.#scale.secondsPerPixel));
    const { drag } = this.#gestures;
    if (drag) this.#perform(this.#gestures.move(drag));
  }

  /** @param {{x: number, y: number, kind: Press["kind"], dragging: boolean} | null} place */
  #hovered(place) {
    const inside = place && areaAt(this.#layout, place.x, place.y) !== "names" && place.x <= this.#scale.right;
    this.#hover = inside ? place : null;
    this.#drawSoon();
    if (place && !place.dragging) this.#canvas.style.cursor = SHAPES[this.#target(place.x, place.y, place.kind)];
    if (!place || !inside) {
      this.#tell("hover", null);
      return;
    }
    const { x, y, kind, dragging } = place;
    this.#tell("hover", { time: this.#scale.timeInside(x), cameraId: this.#cameraAt(y), x, y, kind, dragging });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") this.zoom(1 / KEY_ZOOM);
    else if (event.key === "-" || event.key === "_") this.zoom(KEY_ZOOM);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #renew() {
    this.#surface.renew();
    this.#relayout();
    // A canvas loses its picture with its size: not a frame later.
    this.#draw();
  }

  #relayout() {
    this.#layout = this.#measured();
    this.#scroll = this.#layout.scroll;
    this.invalidate();
  }

  /** @returns {Layout} */
  #measured() {
    const nameWidth = Math.max(0, ...this.#cameras.map(({ name }) => this.#surface.nameWidth(name)));
    return layout({ ...this.#surface.size, cameras: this.#cameras, touch: isTouch(), scroll: this.#scroll, nameWidth });
  }

  #drawSoon() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const begun = performance.now();
    const scale = this.#scale;
    if (this.#layerIsOld) {
      this.#layerIsOld = false;
      this.#source.want(this.#cameras.map((camera) => camera.id), scale.from, scale.to,
        resolutionFor(scale.secondsPerPixel));
      this.#surface.drawLayer(this.#layout, scale, this.zone, (id) => this.pieces(id), this.#source.now());
      this.#layers++;
    }
    this.#wayBack = this.#surface.drawOver(this.#layout, scale, this.#over(scale));
    this.#frames++;
    this.#drawMs = performance.now() - begun;
    this.#watchNow(scale);
  }

  /**
   * @param {Scale} scale
   * @returns {import("./surface.js").Over}
   */
  #over(scale) {
    const hover = this.#hover && this.#hover.kind === "mouse" && !this.busy ? scale.timeInside(this.#hover.x) : null;
    return {
      cursor: { t: this.cursor, words: this.#words(this.cursor) },
      pointer: hover === null ? null : { t: hover, words: this.#words(hover) },
      selection: this.#position.selection,
      now: this.#source.now(),
      message: this.#source.problem && "no answer from the server, trying again",
    };
  }

  /** @param {number} t */
  #words(t) {
    return cursorWords(this.zone, t, this.#scale.secondsPerPixel);
  }

  /**
   * What is drawn of a camera.
   * @param {string} cameraId
   */
  pieces(cameraId) {
    const { from, to } = this.#position.view;
    return this.#source.pieces(cameraId, from, to, resolutionFor(this.#scale.secondsPerPixel));
  }

  /**
   * Draws again when "now" has gone on by a pixel.
   * @param {Scale} scale
   */
  #watchNow(scale) {
    clearTimeout(this.#nowTimer);
    if (!this.#position.isSeen(this.#source.now()) || document.hidden) return;
    this.#nowTimer = setTimeout(() => this.invalidate(), Math.min(60_000, Math.max(NOW_MS, scale.secondsPerPixel * 1000)));
  }
}

function isTouch() {
  return matchMedia("(pointer: coarse)").matches;
}
