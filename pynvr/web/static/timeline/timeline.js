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
 * - `found` {index}: one of the answers given by `setFound` was clicked
 */

import { mostActive } from "./columns.js";
import { cursorWords } from "./draw_over.js";
import { diamonds } from "./found.js";
import { Hand } from "./hand.js";
import { Position } from "./position.js";
import { layout, preferredHeight } from "./rows.js";
import { Scale } from "./scale.js";
import { axisWords, rowState } from "./state.js";
import { Surface } from "./surface.js";
import { Spoken } from "./spoken.js";
import { resolutionFor } from "./tiles.js";
import { watchLooks } from "./watch_looks.js";

/** @typedef {import("./source.js").TimelineSource} TimelineSource */
/** @typedef {import("./rows.js").Camera} Camera */
/** @typedef {import("./rows.js").Layout} Layout */
/** @typedef {import("./scale.js").View} View */
/** @typedef {import("./position.js").Selection} Selection */

const NOW_MS = 500;
/** So near a pointer means a bar of activity, which is often but a pixel wide. */
const BESIDE_PX = 3;

export class Timeline extends EventTarget {
  #surface;
  #source;
  #ending = new AbortController();
  #spoken;
  #hand;

  /** @type {Camera[]} */
  #cameras = [];
  #position;
  /** @type {readonly import("./found.js").Found[]} */
  #found = [];
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
    this.#source = source;
    this.#surface = new Surface(canvas);
    const now = source.now();
    this.#position = new Position({ from: now - 3600, to: now + 300 }, now, () => source.now());
    this.#layout = this.#measured();
    this.#spoken = new Spoken(canvas, this);
    const { signal } = this.#ending;
    this.#hand = new Hand(canvas, this.#axis(), signal);
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
    return this.#hand.busy;
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
   * Marks what was searched for and found.
   * @param {readonly import("./found.js").Found[]} found
   */
  setFound(found) {
    this.#found = found;
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
      gesture: this.#hand.state,
      hover: this.#hand.pointedAt,
      found: this.#diamonds,
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

  get #diamonds() {
    return diamonds(this.#found, this.#layout, this.#scale);
  }

  get #scale() {
    const { gutter, width } = this.#layout;
    const right = gutter ? 12 : 0;
    return new Scale(this.#position.view, gutter, width - gutter - right);
  }

  /**
   * What the hand may do.
   * @returns {import("./hand.js").Axis}
   */
  #axis() {
    return {
      position: this.#position,
      layout: () => this.#layout,
      scale: () => this.#scale,
      wayBack: () => this.#wayBack,
      found: () => this.#diamonds,
      now: () => this.#source.now(),
      words: (t) => this.#words(t),
      move: (change) => this.#move(change),
      setCursor: (t, options) => this.setCursor(t, options),
      scrollTo: (scroll) => {
        this.#scroll = scroll;
        this.#relayout();
      },
      redraw: () => this.#drawSoon(),
      zoom: (factor) => this.zoom(factor),
      tell: (type, detail) => this.#tell(type, detail),
    };
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
    this.#wayBack = this.#surface.drawOver(this.#layout, scale, this.#over());
    this.#frames++;
    this.#drawMs = performance.now() - begun;
    this.#watchNow(scale);
  }

  /** @returns {import("./surface.js").Over} */
  #over() {
    const hover = this.#hand.pointedAt;
    return {
      cursor: { t: this.cursor, words: this.#words(this.cursor) },
      pointer: hover === null ? null : { t: hover, words: this.#words(hover) },
      selection: this.#position.selection,
      found: this.#diamonds,
      now: this.#source.now(),
      message: this.#source.problem && "no answer from the server, trying again",
    };
  }

  /** @param {number} t */
  #words(t) {
    return cursorWords(this.zone, t, this.#scale.secondsPerPixel);
  }

  /**
   * The activity whose bar stands there or right beside, 0 to 1.
   * @param {string} cameraId
   * @param {number} t
   */
  activityNear(cameraId, t) {
    const beside = BESIDE_PX * this.#scale.secondsPerPixel;
    return mostActive(this.pieces(cameraId), t - beside, t + beside);
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
