// @ts-check
/** Keeps the canvas's words up to date: the cursor as a slider's value, the view as a list that only the ear meets. */

import { cursorText, rowWords } from "./spoken_words.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */

const LIST_MS = 700;
/** A playing clock would talk without end. */
const CURSOR_MS = 1_000;

export class Spoken {
  #canvas;
  #timeline;
  #list;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #listTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #cursorTimer;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Timeline} timeline
   */
  constructor(canvas, timeline) {
    this.#canvas = canvas;
    this.#timeline = timeline;
    this.#list = listAfter(canvas);
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "slider");
    canvas.setAttribute("aria-orientation", "horizontal");
    canvas.setAttribute("aria-details", this.#list.id);
    if (!canvas.hasAttribute("aria-label")) canvas.setAttribute("aria-label", "Time");
    this.#cursorTimer = setTimeout(() => this.#sayCursor());
  }

  cursorMoved() {
    this.#cursorTimer ??= setTimeout(() => this.#sayCursor(), CURSOR_MS);
  }

  viewChanged() {
    this.cursorMoved();
    clearTimeout(this.#listTimer);
    this.#listTimer = setTimeout(() => this.#sayView(), LIST_MS);
  }

  close() {
    clearTimeout(this.#listTimer);
    clearTimeout(this.#cursorTimer);
    this.#list.remove();
  }

  #sayCursor() {
    this.#cursorTimer = undefined;
    const { cursor, view, zone, source, cameras } = this.#timeline;
    const there = cameras.map(({ id, name }) => {
      const found = source.recordedAt(id, cursor);
      const cause = found === null ? (source.gapAt(id, cursor)?.words ?? "") : "";
      return { name, recorded: found === undefined ? null : found !== null, cause };
    });
    this.#canvas.setAttribute("aria-valuemin", String(Math.round(view.from)));
    this.#canvas.setAttribute("aria-valuemax", String(Math.round(view.to)));
    this.#canvas.setAttribute("aria-valuenow", String(Math.round(cursor)));
    this.#canvas.setAttribute("aria-valuetext", cursorText(zone, cursor, there));
  }

  #sayView() {
    const { cameras, zone } = this.#timeline;
    this.#list.replaceChildren(...cameras.map((camera) => {
      const item = document.createElement("li");
      item.textContent = rowWords(zone, camera, this.#timeline.pieces(camera.id));
      return item;
    }));
  }
}

/** @param {HTMLCanvasElement} canvas */
function listAfter(canvas) {
  const list = document.createElement("ul");
  list.id = `${canvas.id || "timeline"}-summary`;
  list.setAttribute("aria-label", "Recordings in view");
  Object.assign(list.style, {
    position: "absolute", width: "1px", height: "1px", margin: "-1px", padding: "0", overflow: "hidden",
    clipPath: "inset(50%)", whiteSpace: "nowrap", listStyle: "none",
  });
  canvas.after(list);
  return list;
}
