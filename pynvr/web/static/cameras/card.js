// @ts-check
/** One camera as a card: last picture, state, figures, ways on. It is changed in place, so that nothing jumps. */

import { fill, h } from "../shell/dom.js";
import { frameAddress, scrubAddress } from "../shell/links.js";
import { formatMoment } from "../shell/time.js";
import { factsOf, isRecording, isTroubled, stateOf } from "./words.js";

/** @typedef {import("./words.js").Camera} Camera */

/** Seconds before the last frame: the frame after it tells how long it is shown, and may not be there yet. */
const BEFORE_THE_END_S = 0.5;

export class Card {
  #picture = h("img", { alt: "", loading: "lazy", decoding: "async", width: 480, height: 270, class: "unseen" });
  #noPicture = h("p", { class: "no-picture" }, "no picture yet");
  #time = h("span", { class: "picture-time" });
  #link = h("a", { class: "picture" }, this.#picture, this.#noPicture, this.#time);
  #name = h("h2");
  #state = h("p", { class: "state-line" });
  #detail = h("p", { class: "muted small detail" });
  #facts = h("dl", { class: "facts" });
  #actions = h("p", { class: "row" });
  #shown = 0;
  element = h(
    "article",
    { class: "picture-card camera-card panel" },
    this.#link,
    h("div", { class: "stack" }, h("div", { class: "stack tight" }, this.#name, this.#state, this.#detail), this.#facts),
    this.#actions,
  );

  constructor() {
    this.#time.hidden = true;
    this.#picture.addEventListener("load", () => this.#havePicture(true));
    this.#picture.addEventListener("error", () => this.#havePicture(false));
  }

  /**
   * @param {Camera} camera
   * @param {{ zone: string, now: number, isAdmin: boolean }} context
   */
  update(camera, { zone, now, isAdmin }) {
    const { words, tone } = stateOf(camera, zone, now);
    this.element.dataset.camera = camera.id;
    this.#name.textContent = camera.name;
    fill(this.#state, h("span", { class: "dot", "data-tone": tone }), " ", words);
    this.#detail.textContent = isTroubled(camera) ? (camera.detail ?? "") : "";
    this.#detail.hidden = this.#detail.textContent === "";
    const facts = factsOf(camera, zone, now).filter((fact) => fact.words);
    fill(
      this.#facts,
      ...facts.flatMap(({ title, words: said, warn }) => [h("dt", {}, title), h("dd", { class: warn && "warn-text" }, said)]),
    );
    this.#showPicture(camera, zone, now);
    this.#showActions(camera, isAdmin);
  }

  /** @param {Camera} camera @param {string} zone @param {number} now */
  #showPicture(camera, zone, now) {
    const last = camera.last ?? 0;
    const live = isRecording(camera);
    this.#link.href = scrubAddress({ cameras: [camera.id], time: last ? last - BEFORE_THE_END_S : undefined });
    this.#link.setAttribute("aria-label", `${camera.name}: ${live ? "go to now" : "go to the last picture"}`);
    if (last === this.#shown) return;
    this.#shown = last;
    if (!last) return;
    this.#time.textContent = formatMoment(last, zone, now, { seconds: live });
    this.#picture.src = frameAddress(camera.id, last - BEFORE_THE_END_S);
  }

  /** @param {boolean} there */
  #havePicture(there) {
    // Not taken out of the layout: a lazy picture without a place is never loaded.
    this.#picture.classList.toggle("unseen", !there);
    this.#time.hidden = !there;
    this.#noPicture.hidden = there;
  }

  /** @param {Camera} camera @param {boolean} isAdmin */
  #showActions(camera, isAdmin) {
    const gap = isTroubled(camera) && camera.since && camera.last ? camera.since - 10 : null;
    fill(
      this.#actions,
      h("a", { class: "button compact", href: this.#link.getAttribute("href") }, "Scrub"),
      gap !== null && h("a", { class: "button compact", href: scrubAddress({ cameras: [camera.id], time: gap }) }, "Where it ended"),
      isAdmin && h("a", { class: "button compact plain", href: `/settings#${camera.id}` }, "Settings"),
    );
  }
}
