// @ts-check
/** One camera live: its picture, a bar with state and latency, and what can be done with it. */

import { icon, setIcon } from "../scrub/icons.js";
import { h } from "../shell/dom.js";
import { scrubAddress } from "../shell/links.js";
import { codecName } from "../shell/words.js";
import { LivePlayer, canPlay } from "./player.js";
import { Stills } from "./stills.js";
import { PICTURE } from "../shell/wire.js";
import { barOf, reasonOf } from "./words.js";

/** "What just happened": so far back from now. */
export const REWIND_S = 30;
/** A browser that breaks off so often in so many seconds is given pictures instead. */
const MOST_BREAKS = 3;
const WITHIN_S = 30;
/** A browser shows no picture without its sound: when that stays away for so long, it is switched off. */
const SOUND_AWAY_S = 5;

/** @typedef {{ id: string, name: string }} Camera */

/** Fires `large` (somebody wants it large, or small again) and `sound` (heard, or not). */
export class Tile extends EventTarget {
  /** @type {import("../shell/connection.js").Mode} */
  mode = "mp4";
  sound = false;
  #camera;
  #connection;
  #now;
  #video;
  #player;
  #stills;
  #state = "";
  #detail = "";
  #codec = "";
  #stream = "";
  #fps = 0;
  /** @type {number[]} */
  #breaks = [];
  #dot = h("span", { class: "dot" });
  #said = h("span", { class: "live-state" });
  #reason = h("p", { class: "reason" });
  #note = h("span", { class: "live-note" });
  #soundButton;
  #rewind;
  #large;
  #isLarge = false;

  /**
   * @param {Camera} camera
   * @param {import("../shell/connection.js").Connection} connection
   * @param {() => number} now epoch seconds by the server's clock
   */
  constructor(camera, connection, now) {
    super();
    this.#camera = camera;
    this.#connection = connection;
    this.#now = now;
    this.#video = h("video", { muted: true, playsinline: true, disablepictureinpicture: true, tabindex: -1 });
    this.#video.muted = true;
    const canvas = h("canvas", { hidden: true });
    this.#player = new LivePlayer(this.#video);
    this.#player.addEventListener("broken", () => this.#broken());
    this.#stills = new Stills(canvas);
    this.#large = h("button", { class: "tile-button", type: "button", onclick: () => this.dispatchEvent(new Event("large")) });
    this.#soundButton = h(
      "button",
      { class: "button plain sign", type: "button", hidden: true, onclick: () => this.dispatchEvent(new Event("sound")) },
      icon("silent"),
    );
    this.#rewind = h(
      "a",
      { class: "button plain sign rewind", href: "#", title: `${REWIND_S} seconds back` },
      icon("activityBack"),
      h("span", { class: "visually-hidden" }, `${camera.name}: ${REWIND_S} seconds back`),
    );
    // The address is of the moment of the click, also for a click that opens another tab.
    for (const event of ["pointerdown", "focus", "click", "auxclick"]) {
      this.#rewind.addEventListener(event, () => (this.#rewind.href = this.rewindAddress()));
    }
    this.element = h(
      "div",
      { class: "live-tile", "data-camera": camera.id, "data-mode": "mp4" },
      this.#video,
      canvas,
      this.#reason,
      this.#large,
      h(
        "div",
        { class: "live-bar" },
        h("span", { class: "tile-name" }, camera.name),
        this.#dot,
        this.#said,
        this.#note,
        h("span", { class: "live-tools" }, this.#rewind, this.#soundButton),
      ),
    );
    this.setLarge(false);
    this.setSound(false);
  }

  get id() {
    return this.#camera.id;
  }

  get name() {
    return this.#camera.name;
  }

  /** Ask for the stream, in the form that this browser can show. */
  start() {
    if (!canPlay('video/mp4; codecs="avc1.640028"')) this.mode = "jpeg";
    this.#subscribe();
  }

  /** @param {boolean} paused nobody can see it */
  pause(paused) {
    this.#connection.pause(this.id, paused);
  }

  /** @param {boolean} large */
  setLarge(large) {
    this.#isLarge = large;
    this.element.toggleAttribute("data-large", large);
    this.#large.setAttribute("aria-label", large ? `${this.name}: show all cameras` : `Show ${this.name} large`);
  }

  get isLarge() {
    return this.#isLarge;
  }

  /** @param {boolean} sound */
  setSound(sound) {
    const changed = sound !== this.sound;
    this.sound = sound;
    this.#video.muted = !sound;
    setIcon(this.#soundButton, sound ? "sound" : "silent");
    this.#soundButton.setAttribute("aria-label", sound ? `${this.name}: sound off` : `${this.name}: sound on`);
    this.#soundButton.setAttribute("aria-pressed", String(sound));
    if (changed) this.#subscribe();
  }

  get canSound() {
    return !this.#soundButton.hidden;
  }

  rewindAddress() {
    return scrubAddress({ cameras: [this.id], time: this.#now() - REWIND_S });
  }

  focus() {
    this.#large.focus();
  }

  /** Show how it is; several times a second. */
  tick() {
    if (this.mode === "mp4") this.#player.tick();
    const shown = this.mode === "mp4" ? this.#player.shown : this.#stills.shown;
    const standing = {
      connected: !this.#connection.isLost,
      state: this.#state,
      detail: this.#detail,
      latency: this.#now() - shown,
    };
    if (this.sound && this.#state === "live" && standing.latency > SOUND_AWAY_S) this.setSound(false);
    const bar = barOf(standing);
    const reason = reasonOf(standing);
    const { dataset } = this.element;
    dataset["state"] = this.#state;
    dataset["latency"] = Number.isNaN(standing.latency) ? "" : standing.latency.toFixed(3);
    this.#dot.dataset["tone"] = bar.tone;
    if (this.#said.textContent !== bar.words) this.#said.textContent = bar.words;
    if (this.#reason.textContent !== reason) this.#reason.textContent = reason;
    const note = [this.#fps > 0 && this.#isLarge ? `${Math.round(this.#fps)} fps` : "", this.#codecNote()].filter(Boolean).join(" · ");
    if (this.#note.textContent !== note) this.#note.textContent = note;
  }

  #codecNote() {
    if (this.mode === "mp4" || !this.#codec) return "";
    return this.#isLarge ? `${codecName(this.#codec)}, as pictures: this browser can't play it` : codecName(this.#codec);
  }

  #subscribe() {
    this.#stream = "";
    if (this.mode === "jpeg") this.#player.close();
    this.element.dataset["mode"] = this.mode;
    const sink = {
      media: (/** @type {number} */ kind, /** @type {Uint8Array<ArrayBuffer>} */ data, /** @type {number} */ time) => {
        if (kind === PICTURE) this.#stills.show(data, time);
        else if (this.#stream) this.#player.append(data);
      },
      said: (/** @type {any} */ message) => this.#hear(message),
      lost: () => {
        this.#state = "";
        this.#stream = "";
      },
    };
    this.#connection.subscribe(this.id, sink, { mode: this.mode, sound: this.sound });
  }

  /** @param {any} message JSON of docs/live.md */
  #hear(message) {
    switch (message.type) {
      case "stream":
        this.#begin(message);
        break;
      case "clock":
        this.#player.clock.say(message.from, message.origin);
        break;
      case "system_status":
        this.#state = message.state;
        this.#detail = message.detail;
        if (message.state === "removed") this.#player.close();
        break;
      case "performance_stats":
        this.#fps = message.current_fps;
        break;
    }
  }

  /** @param {{ number: number, mime: string, mime_with_sound: string | null, codec: string }} stream */
  #begin({ number, mime, mime_with_sound: sounding, codec }) {
    this.#codec = codec;
    this.#soundButton.hidden = !sounding || !canPlay(sounding);
    if (!canPlay(mime)) {
      if (this.sound) this.setSound(false);
      else this.#fallBack();
      return;
    }
    const stream = `${number} ${mime}`;
    // The same stream again, after a pause: its time goes on.
    if (stream !== this.#stream) this.#player.begin(mime);
    this.#stream = stream;
  }

  /** What can't be played is shown as single pictures. */
  #fallBack() {
    this.mode = "jpeg";
    this.#subscribe();
  }

  #broken() {
    const now = performance.now() / 1000;
    this.#breaks = [...this.#breaks.filter((at) => now - at < WITHIN_S), now];
    if (this.#breaks.length >= MOST_BREAKS) this.#fallBack();
    else this.#subscribe();
  }
}
