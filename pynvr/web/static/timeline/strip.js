// @ts-check
/**
 * The strip under the axis: one picture a minute around the cursor, for the chosen camera; one a keyframe when the axis
 * is zoomed in. Only the cells that are seen exist.
 *
 * Fires `seek` {time, cameraId, phase: "end"} as the axis does.
 */

import { framePath, Pictures, thumbnailPath } from "./pictures.js";
import { Shot } from "./shot.js";
import { cells, firstShown, indexAt, thinned } from "./strip_plan.js";
import { clock } from "./words.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./rows.js").Camera} Camera */
/** @typedef {(path: string, options?: {signal?: AbortSignal}) => Promise<any>} Get */
/** @typedef {{time: number, end: number, words: string}} Moment what a cell stands for */

const MINUTE_S = 60;
const KEYFRAMES_BELOW_S = 120;
const KEYFRAMES_MOST_S = 590;
const FRAME_WIDTH = 240;
/** A strip that still moves loads nothing. */
const SETTLE_MS = 80;
/** What is younger may not be on the disk yet. */
const JUST_S = 5;
/** A minute's own picture is made so long after its end at most, as a rule. */
const FINISHED_S = 5;
/** A picture is asked for by tenths of a second: no rounding may put that before the first. */
const INTO_S = 0.1;
const LINE_PX = 34;
const SLOP_PX = 8;

export class Strip extends EventTarget {
  #element;
  #timeline;
  #pictures = new Pictures();
  #get;
  #ending = new AbortController();
  #observer;
  /** @type {Camera | null} */
  #camera = null;
  /** @type {Map<number, Cell>} by the time of their moment */
  #cells = new Map();
  /** @type {number | null} index of the first minute, or of the first keyframe since `#keyframes` was loaded */
  #first = null;
  /** @type {number | null} index of the current one */
  #current = null;
  #kind = "";
  /** Pixels turned or dragged that don't make a cell yet. */
  #turned = 0;
  /** @type {{id: number, x: number, moved: number} | null} */
  #finger = null;
  /** @type {{cameraId: string, from: number, to: number, keyframes: number[]} | null} */
  #keyframes = null;
  /** @type {string} what is being asked for */
  #asked = "";
  #frame = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling;

  /**
   * @param {HTMLElement} element is filled
   * @param {Timeline} timeline
   * @param {{get: Get}} options `get`: the shell's `api.get`
   */
  constructor(element, timeline, { get }) {
    super();
    this.#element = element;
    this.#timeline = timeline;
    this.#get = get;
    element.classList.add("timeline-strip");
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", "Pictures around the cursor");
    const { signal } = this.#ending;
    timeline.addEventListener("view", () => this.update(), { signal });
    timeline.addEventListener("cursor", () => this.update(), { signal });
    timeline.source.addEventListener("change", () => this.update(), { signal });
    element.addEventListener("click", (event) => this.#clicked(event), { signal });
    element.addEventListener("wheel", (event) => this.#wheeled(event), { signal, passive: false });
    element.addEventListener("pointerdown", (event) => this.#pressed(event), { signal });
    element.addEventListener("pointermove", (event) => this.#dragged(event), { signal });
    this.#observer = new ResizeObserver(() => this.update());
    this.#observer.observe(element);
  }

  /** @param {Camera | null} camera whose pictures are shown */
  setCamera(camera) {
    if (camera?.id === this.#camera?.id) return;
    this.#camera = camera && { id: camera.id, name: camera.name };
    this.#clear();
    this.update();
  }

  /** Draws soon; cursor, view and new data are heard without. */
  update() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /** What is shown, for tests. */
  get state() {
    return {
      cameraId: this.#camera?.id ?? null,
      cells: [...this.#cells.values()].sort((a, b) => a.moment.time - b.moment.time).map((cell) => cell.state),
    };
  }

  close() {
    this.#ending.abort();
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#settling);
    this.#clear();
  }

  #clear() {
    for (const cell of this.#cells.values()) cell.element.remove();
    this.#cells.clear();
    this.#first = null;
    this.#current = null;
  }

  #draw() {
    this.#frame = 0;
    if (!this.#camera || this.#element.clientWidth === 0) return;
    const { count, pitch, cell: width } = cells(this.#element.clientWidth);
    const { moments, current } = this.#moments(count);
    const kept = new Set(moments.map((moment) => moment.time));
    for (const [time, cell] of this.#cells) {
      if (kept.has(time)) continue;
      cell.element.remove();
      this.#cells.delete(time);
    }
    moments.forEach((moment, number) => {
      let cell = this.#cells.get(moment.time);
      if (!cell) {
        cell = new Cell(moment);
        this.#cells.set(moment.time, cell);
      }
      // In order of time, so that the keyboard goes through them so.
      if (this.#element.children[number] !== cell.element) {
        this.#element.insertBefore(cell.element, this.#element.children[number] ?? null);
      }
      cell.put(Math.round(number * pitch), Math.round(width), moment.time === current);
    });
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#fill(), SETTLE_MS);
  }

  /**
   * @param {number} count
   * @returns {{moments: Moment[], current: number | null}}
   */
  #moments(count) {
    const { view } = this.#timeline;
    const span = view.to - view.from;
    const keyframes = span < KEYFRAMES_BELOW_S ? this.#keyframesAround(span, count) : null;
    return keyframes ? this.#ofKeyframes(keyframes, count) : this.#ofMinutes(count);
  }

  /**
   * @param {string} kind of indices: of another kind, the old ones mean nothing
   * @param {number} count
   * @param {number} current
   */
  #shown(kind, count, current) {
    if (kind !== this.#kind) [this.#kind, this.#first, this.#current] = [kind, null, null];
    this.#first = firstShown(this.#first, count, this.#current, current);
    this.#current = current;
    return this.#first;
  }

  /** @param {number} count */
  #ofMinutes(count) {
    const { cursor, zone, source } = this.#timeline;
    const now = zone.startOfMinute(cursor);
    const first = this.#shown("minutes", count, Math.round(now / MINUTE_S));
    const moments = Array.from({ length: count }, (_, number) => {
      // Offsets are whole minutes; a zone's that aren't stay as far beside the clock's minute as they are.
      const time = (first + number) * MINUTE_S;
      return { time, end: time + MINUTE_S, words: clock(zone, time, "minute") };
    });
    return { moments: moments.filter(({ time }) => time <= source.now()), current: now };
  }

  /**
   * @param {number[]} keyframes
   * @param {number} count
   */
  #ofKeyframes(keyframes, count) {
    const { cursor, zone } = this.#timeline;
    const here = indexAt(keyframes, cursor);
    const shown = this.#shown(`keyframes from ${keyframes[0]}`, count, here);
    const first = Math.max(0, Math.min(keyframes.length - count, shown));
    this.#first = first;
    const moments = keyframes.slice(first, first + count).map((time, number) => {
      const end = keyframes[first + number + 1] ?? time + 1;
      return { time, end, words: clock(zone, time, "tenth") };
    });
    return { moments, current: keyframes[here] ?? null };
  }

  /**
   * Keyframes around the cursor; null until they are loaded.
   * @param {number} span
   * @param {number} count
   * @returns {number[] | null}
   */
  #keyframesAround(span, count) {
    const { cursor } = this.#timeline;
    const known = this.#keyframes;
    const reach = Math.min(KEYFRAMES_MOST_S / 2, Math.max(60, span));
    const isKnown = known !== null && known.cameraId === this.#camera?.id
      && known.from <= cursor - reach / 3 && known.to >= Math.min(cursor + reach / 3, this.#timeline.source.now() - 10);
    if (!isKnown) void this.#loadKeyframes(cursor - reach, cursor + reach);
    if (known === null || known.cameraId !== this.#camera?.id || cursor < known.from || cursor > known.to) return null;
    return known.keyframes.length ? thinned(known.keyframes, span, count) : null;
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  async #loadKeyframes(from, to) {
    const camera = this.#camera;
    if (!camera) return;
    const step = (to - from) / 6;
    const asked = `${camera.id}/${Math.round(from / step)}`;
    if (this.#asked === asked) return;
    this.#asked = asked;
    const id = encodeURIComponent(camera.id);
    try {
      const { signal } = this.#ending;
      const answer = await this.#get(`/api/1/camera/${id}/frames?from=${from.toFixed(3)}&to=${to.toFixed(3)}`, { signal });
      this.#keyframes = { cameraId: camera.id, from, to, keyframes: answer.keyframes };
      this.update();
    } catch {
      // Minutes are shown instead; the next place of the cursor asks again.
    }
  }

  /** Loads the pictures of the cells that are there now. */
  #fill() {
    const camera = this.#camera;
    if (!camera) return;
    for (const cell of this.#cells.values()) if (!cell.isFull) void this.#fillCell(camera, cell);
  }

  /**
   * @param {Camera} camera
   * @param {Cell} cell
   */
  async #fillCell(camera, cell) {
    const { source, zone } = this.#timeline;
    const { time, end } = cell.moment;
    const settled = source.now() - JUST_S;
    const last = Math.min(end - 1, settled);
    // Where recording began in the middle of it, its first picture.
    const begun = (source.recordedAt(camera.id, last)?.start ?? time) + INTO_S;
    const places = [time, time + (end - time) / 2, end - 1, begun]
      .filter((t) => t <= last)
      .map((t) => ({ t, recorded: source.recordedAt(camera.id, t) }));
    const at = places.find(({ recorded }) => recorded)?.t;
    if (at === undefined && places.some(({ recorded }) => recorded === undefined)) {
      // Outside of what the axis shows; this is called again when it is known.
      void source.have(camera.id, time, end);
      return;
    }
    if (at === undefined) {
      const isRunning = end > settled && source.isRecording(camera.id);
      cell.shot.cause(isRunning ? "being recorded" : (source.gapAt(camera.id, Math.min(time, settled))?.words ?? "nothing recorded"));
      return;
    }
    if (cell.isAsked) return;
    cell.isAsked = true;
    const minute = end - time === MINUTE_S && at === time;
    const isFinished = end + FINISHED_S < source.now();
    let src = minute && isFinished ? await this.#pictures.load(thumbnailPath(camera.id, zone.stamp(time))) : null;
    src ??= await this.#pictures.load(framePath(camera.id, minute ? time + 1 : at, FRAME_WIDTH));
    cell.isAsked = false;
    if (src) {
      cell.shot.picture(src);
      cell.isFull = true;
    } else {
      cell.shot.cause("no picture yet");
    }
  }

  /** @param {Event} event */
  #clicked(event) {
    if (this.#finger && this.#finger.moved > SLOP_PX) return;
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const cell = [...this.#cells.values()].find(({ element }) => element === button);
    if (!cell || !this.#camera) return;
    const { source } = this.#timeline;
    const { time, end } = cell.moment;
    // The first of the minute that there is video of.
    const span = source.recordedAt(this.#camera.id, time) ?? source.recordedAt(this.#camera.id, end - 1);
    const detail = { time: Math.max(time, span?.start ?? time), cameraId: this.#camera.id, phase: "end" };
    this.dispatchEvent(new CustomEvent("seek", { detail }));
  }

  /** @param {WheelEvent} event */
  #wheeled(event) {
    event.preventDefault();
    const delta = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY;
    this.#turn(event.deltaMode === 0 ? delta : delta * LINE_PX);
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    this.#finger = event.pointerType === "touch" ? { id: event.pointerId, x: event.clientX, moved: 0 } : null;
  }

  /** @param {PointerEvent} event */
  #dragged(event) {
    const finger = this.#finger;
    if (finger?.id !== event.pointerId) return;
    const delta = finger.x - event.clientX;
    finger.x = event.clientX;
    finger.moved += Math.abs(delta);
    if (finger.moved > SLOP_PX) this.#turn(delta);
  }

  /** @param {number} pixels */
  #turn(pixels) {
    if (this.#first === null) return;
    const { pitch } = cells(this.#element.clientWidth);
    this.#turned += pixels;
    const whole = Math.trunc(this.#turned / pitch);
    this.#turned -= whole * pitch;
    this.#first += whole;
    if (whole) this.update();
  }
}

class Cell {
  /** @param {Moment} moment */
  constructor(moment) {
    this.moment = moment;
    this.isFull = false;
    this.isAsked = false;
    this.isCurrent = false;
    this.shot = new Shot({ name: moment.words, className: "timeline-strip-time" });
    this.element = document.createElement("button");
    this.element.type = "button";
    this.element.className = "timeline-strip-cell";
    this.element.setAttribute("aria-label", moment.words);
    this.element.append(this.shot.element);
  }

  /**
   * @param {number} left
   * @param {number} width
   * @param {boolean} current
   */
  put(left, width, current) {
    this.element.style.left = `${left}px`;
    this.element.style.width = `${width}px`;
    this.isCurrent = current;
    this.shot.choose(current);
    if (current) this.element.setAttribute("aria-current", "time");
    else this.element.removeAttribute("aria-current");
  }

  get state() {
    return { time: this.moment.time, words: this.moment.words, current: this.isCurrent, full: this.isFull };
  }
}
