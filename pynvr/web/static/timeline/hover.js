// @ts-check
/**
 * The hover card: what every chosen camera saw at the instant under the pointer. The minute's thumbnail at once, the
 * nearest keyframe when the pointer rests.
 */

import { grid, place } from "./card_place.js";
import { Latest } from "./latest.js";
import { framePath, Pictures, thumbnailPath } from "./pictures.js";
import { Shot } from "./shot.js";
import { activityWords, clock, date } from "./words.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {{time: number, cameraId: string | null, x: number, y: number, kind: string, dragging: boolean}} Hover */

const REST_MS = 150;
const FRAME_WIDTH = 320;
/** More pictures than this are too small to see anything in. */
const MOST_SHOTS = 16;

export class HoverCard {
  #timeline;
  #canvas;
  #pictures = new Pictures();
  #ending = new AbortController();
  #element = document.createElement("div");
  #heading = document.createElement("div");
  #clock = document.createElement("span");
  #date = document.createElement("span");
  #activity = document.createElement("div");
  /** @type {Map<string, CameraShot>} */
  #shots = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;
  /** @type {Hover | null} */
  #at = null;

  /**
   * @param {HTMLCanvasElement} canvas the timeline's
   * @param {Timeline} timeline
   */
  constructor(canvas, timeline) {
    this.#canvas = canvas;
    this.#timeline = timeline;
    this.#element.className = "timeline-card";
    this.#element.hidden = true;
    // It shows what the slider's value says, and more often than anyone could listen.
    this.#element.setAttribute("aria-hidden", "true");
    this.#heading.className = "timeline-card-time";
    this.#heading.append(this.#clock, this.#date);
    this.#activity.className = "timeline-card-activity";
    this.#element.append(this.#heading, this.#activity);
    document.body.append(this.#element);
    const { signal } = this.#ending;
    timeline.addEventListener("hover", (event) => this.#hovered(/** @type {CustomEvent} */ (event).detail), { signal });
    timeline.addEventListener("view", () => this.#hide(), { signal });
    document.addEventListener("scroll", () => this.#hide(), { signal, passive: true, capture: true });
  }

  /** What the card says, for tests; null while it is hidden. */
  get state() {
    if (this.#element.hidden) return null;
    const { left, top, width, height } = this.#element.getBoundingClientRect();
    return {
      time: this.#at?.time ?? 0,
      text: this.#clock.textContent,
      activity: this.#activity.textContent,
      box: { left, top, width, height },
      shots: Object.fromEntries([...this.#shots].map(([id, shot]) => [id, shot.shown])),
    };
  }

  close() {
    this.#ending.abort();
    this.#hide();
    this.#element.remove();
  }

  #hide() {
    clearTimeout(this.#resting);
    this.#element.hidden = true;
    this.#at = null;
    for (const shot of this.#shots.values()) shot.drop();
  }

  /** @param {Hover | null} hover */
  #hovered(hover) {
    if (!hover || hover.time > this.#timeline.source.now()) {
      this.#hide();
      return;
    }
    this.#at = hover;
    const shots = this.#arranged(hover);
    const { zone, view } = this.#timeline;
    this.#clock.textContent = clock(zone, hover.time, view.to - view.from < 60 ? "tenth" : "second");
    this.#date.textContent = date(zone, hover.time, "short");
    for (const [id, shot] of shots) {
      shot.choose(id === hover.cameraId && shots.size > 1);
      shot.look(hover.time, false);
    }
    this.#activity.textContent = this.#activityWords(hover);
    // A finger has its time above it already.
    this.#heading.hidden = hover.kind === "touch";
    this.#element.hidden = false;
    this.#put(hover);
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      for (const shot of shots.values()) shot.look(hover.time, true);
    }, REST_MS);
  }

  /** @param {Hover} hover */
  #activityWords({ cameraId, time }) {
    if (cameraId === null || !this.#timeline.source.recordedAt(cameraId, time)) return "";
    const name = this.#shots.size > 1 ? this.#shots.get(cameraId)?.name : "";
    return activityWords(this.#timeline.activityNear(cameraId, time), name);
  }

  /**
   * A shot for each camera; only the row's own under a finger, which needs the room.
   * @param {Hover} hover
   */
  #arranged(hover) {
    const { cameras } = this.#timeline;
    const alone = cameras.filter(({ id }) => id === hover.cameraId);
    const chosen = hover.kind === "touch" && alone.length ? alone : cameras.slice(0, MOST_SHOTS);
    const same = chosen.length === this.#shots.size && chosen.every(({ id, name }) => this.#shots.get(id)?.name === name);
    if (!same) {
      for (const shot of this.#shots.values()) shot.remove();
      this.#shots = new Map(chosen.map(({ id, name }) => {
        const shot = new CameraShot(id, name, this.#timeline, this.#pictures);
        this.#activity.before(shot.element);
        return [id, shot];
      }));
    }
    const { columns, width } = grid(chosen.length, innerWidth);
    this.#element.style.gridTemplateColumns = `repeat(${columns}, ${width}px)`;
    return this.#shots;
  }

  /** @param {Hover} hover */
  #put(hover) {
    const touch = hover.kind === "touch";
    const axis = this.#canvas.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.#element;
    const page = { width: innerWidth, height: innerHeight };
    const card = { width: offsetWidth, height: offsetHeight };
    const { left, top } = place(card, axis, page, hover.x, touch);
    this.#element.style.translate = `${Math.round(left)}px ${Math.round(top)}px`;
  }
}

/** The picture of one camera: one request at a time, the last instant wins. */
class CameraShot {
  #shot;
  #timeline;
  #pictures;
  /** @type {Latest<{path: string, time: number}>} */
  #latest;
  #time = 0;
  /** @type {string} path of the picture, or the words instead */
  shown = "";

  /**
   * @param {string} id
   * @param {string} name
   * @param {Timeline} timeline
   * @param {Pictures} pictures
   */
  constructor(id, name, timeline, pictures) {
    this.id = id;
    this.name = name;
    this.#timeline = timeline;
    this.#pictures = pictures;
    this.#shot = new Shot({ name });
    this.#latest = new Latest((wish) => this.#load(wish));
  }

  get element() {
    return this.#shot.element;
  }

  /** @param {boolean} chosen */
  choose(chosen) {
    this.#shot.choose(chosen);
  }

  drop() {
    this.#latest.drop();
  }

  remove() {
    this.drop();
    this.element.remove();
  }

  /**
   * @param {number} time
   * @param {boolean} exact the keyframe before, not the minute's picture
   */
  look(time, exact) {
    this.#time = time;
    const { source, zone } = this.#timeline;
    if (source.recordedAt(this.id, time) === null) {
      this.#latest.drop();
      this.#say(source.gapAt(this.id, time)?.words ?? "nothing recorded");
      return;
    }
    const minute = zone.startOfMinute(time);
    // A minute that wasn't recorded from its start has no picture under this name.
    const whole = source.recordedAt(this.id, minute) !== null;
    const path = exact || !whole ? framePath(this.id, time, FRAME_WIDTH) : thumbnailPath(this.id, zone.stamp(time));
    this.#latest.wish({ path, time });
  }

  /** @param {{path: string, time: number}} wish */
  async #load({ path, time }) {
    const src = await this.#pictures.load(path);
    if (this.#timeline.source.recordedAt(this.id, this.#time) === null) return;
    if (src) {
      this.#shot.picture(src);
      this.shown = path;
    } else if (time === this.#time && this.shown === "") {
      this.#say("no picture yet");
    }
  }

  /** @param {string} words */
  #say(words) {
    this.#shot.cause(words);
    this.shown = words;
  }
}
