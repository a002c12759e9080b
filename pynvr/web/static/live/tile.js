// @ts-check
/** One camera live: its picture, a bar with state and latency, and what can be done with it. */

import { kindName } from "../shell/alert_words.js";
import { h } from "../shell/dom.js";
import { icon, setIcon } from "../shell/icons.js";
import { scrubAddress } from "../shell/links.js";
import { formatClock } from "../shell/time.js";
import { codecName } from "../shell/words.js";
import { Boxes } from "./boxes.js";
import { LivePlayer, canPlay } from "./player.js";
import { REWIND_S, Rewind } from "./rewind.js";
import { Seen, sightWords } from "./seen.js";
import { Stills } from "./stills.js";
import { PICTURE } from "../shell/wire.js";
import { barOf, reasonOf, streamWords } from "./words.js";

/** A browser that breaks off so often in so many seconds is given pictures instead. */
const MOST_BREAKS = 3;
const WITHIN_S = 30;
/** A browser shows no picture without its sound: when that stays away for so long, it is switched off. */
const SOUND_AWAY_S = 5;
/** An alert is news for so long; what led to it is shown from a little before. */
const NEWS_S = 60;
const BEFORE_S = 2;

/** @typedef {{ id: string, name: string, live?: { url?: string | null } }} Camera */

/** Fires `large` (somebody wants it large, or small again) and `sound` (heard, or not). */
export class Tile extends EventTarget {
  /** @type {import("../shell/connection.js").Mode} */
  mode = "mp4";
  sound = false;
  #camera;
  #connection;
  #now;
  #timezone;
  #video;
  #canvas;
  #player;
  #stills;
  #state = "";
  #detail = "";
  #seen = new Seen();
  #boxes = new Boxes();
  #showsBoxes = true;
  /** @type {import("../shell/alerts.js").Alert | null} */
  #news = null;
  #paused = false;
  #codec = "";
  #stream = "";
  /** Which of the camera's streams is wanted: the whole picture where it is large, else the small one. */
  #wanted = /** @type {import("../shell/connection.js").Stream} */ ("sub");
  /** @type {import("./words.js").Shown} */
  #shows = { source: "main", standsIn: false, trouble: "" };
  /** The main stream is of no use to this browser. */
  #smallOnly = false;
  #fps = 0;
  /** @type {number[]} */
  #breaks = [];
  #dot = h("span", { class: "dot" });
  #said = h("span", { class: "live-state" });
  #reason = h("p", { class: "reason" });
  #note = h("span", { class: "live-note" });
  #badge = h("span", { class: "live-badge", hidden: true });
  #alert = h("a", { class: "live-alert", href: "/scrub", hidden: true });
  #bar;
  #soundButton;
  #rewind;
  #large;
  #isLarge = false;
  #isStarted = false;

  /**
   * @param {Camera} camera
   * @param {import("../shell/connection.js").Connection} connection
   * @param {{ now: () => number, timezone: string }} shell
   */
  constructor(camera, connection, shell) {
    super();
    this.#camera = camera;
    this.#connection = connection;
    this.#now = shell.now;
    this.#timezone = shell.timezone;
    this.rewound = new Rewind(camera, shell);
    this.rewound.addEventListener("end", () => this.#resume());
    this.#video = h("video", { muted: true, playsinline: true, disablepictureinpicture: true, tabindex: -1 });
    this.#video.muted = true;
    const canvas = h("canvas", { hidden: true });
    this.#canvas = canvas;
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
      "button",
      { class: "button plain sign rewind", type: "button", title: `${REWIND_S} seconds back`, onclick: () => this.rewind() },
      icon("activityBack"),
      h("span", { class: "visually-hidden" }, `${camera.name}: ${REWIND_S} seconds back`),
    );
    this.#bar = h(
      "div",
      { class: "live-bar" },
      h("span", { class: "tile-name" }, camera.name),
      this.#dot,
      this.#said,
      this.#note,
      this.#badge,
      this.#alert,
      h("span", { class: "live-tools" }, this.#rewind, this.#soundButton),
    );
    this.element = h(
      "div",
      { class: "live-tile", "data-camera": camera.id, "data-mode": "mp4" },
      this.#video,
      canvas,
      this.#boxes.element,
      this.#reason,
      this.rewound.picture,
      this.#large,
      this.#bar,
      this.rewound.bar,
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
    this.#isStarted = true;
    if (!canPlay('video/mp4; codecs="avc1.640028"')) this.mode = "jpeg";
    this.#subscribe();
  }

  /** @param {boolean} paused nobody can see it */
  pause(paused) {
    this.#paused = paused;
    // Nobody sees the present behind the past.
    this.#connection.pause(this.id, paused || this.rewound.isOpen);
  }

  /** What just happened, in the place of what happens now; again: what was before it. */
  rewind() {
    const from = this.rewound.isOpen ? this.rewound.moment : this.#now();
    void this.rewound.open(from - REWIND_S);
    this.element.toggleAttribute("data-rewound", true);
    this.rewound.setSound(this.sound);
    this.pause(this.#paused);
  }

  #resume() {
    this.element.toggleAttribute("data-rewound", false);
    this.pause(this.#paused);
    this.#large.focus();
  }

  /** @param {boolean} shows whether boxes are drawn around what is detected */
  setBoxes(shows) {
    this.#showsBoxes = shows;
    this.#mark(NaN);
  }

  /** @param {import("../shell/alerts.js").Alert} alert of this camera */
  alerted(alert) {
    this.#news = alert;
    this.#alert.textContent = `${kindName(alert.kind)} ${formatClock(alert.time, this.#timezone)}`;
    this.#alert.setAttribute("aria-label", `${this.name}: ${this.#alert.textContent}, show the moment`);
    this.#alert.href = scrubAddress({ cameras: [this.id], time: alert.time - BEFORE_S });
  }

  /** @param {boolean} large */
  setLarge(large) {
    this.#isLarge = large;
    this.element.toggleAttribute("data-large", large);
    this.#want(large && !this.#smallOnly ? "main" : "sub");
    this.#large.setAttribute("aria-label", large ? `${this.name}: show all cameras` : `Show ${this.name} large`);
  }

  /** @param {import("../shell/connection.js").Stream} stream */
  #want(stream) {
    if (stream === this.#wanted) return;
    this.#wanted = stream;
    if (this.#hasSmall && this.#isStarted) this.#subscribe();
  }

  get #hasSmall() {
    return Boolean(this.#camera.live?.url);
  }

  get isLarge() {
    return this.#isLarge;
  }

  /** @param {boolean} sound */
  setSound(sound) {
    const changed = sound !== this.sound;
    this.sound = sound;
    this.rewound.setSound(sound);
    this.#video.muted = !sound;
    setIcon(this.#soundButton, sound ? "sound" : "silent");
    this.#soundButton.setAttribute("aria-label", sound ? `${this.name}: sound off` : `${this.name}: sound on`);
    this.#soundButton.setAttribute("aria-pressed", String(sound));
    if (changed) this.#subscribe();
  }

  get canSound() {
    return !this.#soundButton.hidden;
  }

  /** Pixels; 0 while the tile isn't shown. */
  get barHeight() {
    return this.#bar.offsetHeight || this.rewound.bar.offsetHeight;
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
    if (this.sound && this.#state === "live" && !this.rewound.isOpen && standing.latency > SOUND_AWAY_S) this.setSound(false);
    const bar = barOf(standing);
    const reason = reasonOf(standing);
    const { dataset } = this.element;
    dataset["state"] = this.#state;
    dataset["latency"] = Number.isNaN(standing.latency) ? "" : standing.latency.toFixed(3);
    this.#dot.dataset["tone"] = bar.tone;
    if (this.#said.textContent !== bar.words) this.#said.textContent = bar.words;
    if (this.#reason.textContent !== reason) this.#reason.textContent = reason;
    const stream = streamWords(this.#shows, this.#isLarge);
    const note = [stream, this.#fps > 0 && this.#isLarge ? `${Math.round(this.#fps)} fps` : "", this.#codecNote()].filter(Boolean).join(" · ");
    if (this.#note.title !== this.#shows.trouble) this.#note.title = this.#shows.trouble;
    if (!Number.isNaN(shown)) this.element.toggleAttribute("data-held", false);
    if (this.#note.textContent !== note) this.#note.textContent = note;
    this.#mark(shown);
  }

  /** What is seen in the picture, and what was alerted a moment ago. @param {number} shown epoch seconds */
  #mark(shown) {
    const isLive = this.#state === "live" && !this.#connection.isLost && !this.rewound.isOpen;
    const sights = isLive ? this.#seen.at(shown, performance.now() / 1000) : [];
    const words = sightWords(sights);
    if (this.#badge.textContent !== words) this.#badge.textContent = words;
    this.#badge.hidden = words === "";
    this.#badge.dataset["kind"] = sights.some(({ kind }) => kind !== "motion") ? "thing" : "motion";
    const isNews = this.#news !== null && this.#now() - this.#news.time < NEWS_S;
    this.#alert.hidden = !isNews;
    this.element.toggleAttribute("data-alert", isNews);
    const { videoWidth, videoHeight } = this.#video;
    const [width, height] = this.mode === "mp4" ? [videoWidth, videoHeight] : [this.#canvas.width, this.#canvas.height];
    this.#boxes.show(this.#showsBoxes ? sights : [], width, height);
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
        this.#seen.clear();
        this.#state = "";
        this.#stream = "";
      },
    };
    this.#connection.subscribe(this.id, sink, { mode: this.mode, sound: this.sound, stream: this.#wanted });
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
        this.#shows.trouble = message.sub_stream;
        if (message.state === "removed") this.#player.close();
        break;
      case "motion":
      case "seen":
        this.#seen.hear(message, performance.now() / 1000);
        break;
      case "performance_stats":
        this.#fps = message.current_fps;
        break;
    }
  }

  /** @param {{ number: number, mime: string, mime_with_sound: string | null, codec: string, source: "main" | "sub", stands_in: boolean }} stream */
  #begin({ number, mime, mime_with_sound: sounding, codec, source, stands_in: standsIn }) {
    this.#codec = codec;
    this.#shows = { ...this.#shows, source, standsIn };
    this.element.dataset["source"] = source;
    this.#soundButton.hidden = !sounding || !canPlay(sounding);
    if (!canPlay(mime)) {
      if (this.sound) this.setSound(false);
      else this.#fallBack();
      return;
    }
    const stream = `${source} ${number} ${mime}`;
    // The same stream again, after a pause: its time goes on.
    if (stream !== this.#stream) {
      this.#hold();
      this.#player.begin(mime);
    }
    this.#stream = stream;
  }

  /** The last picture stays until the next stream has one. */
  #hold() {
    const { videoWidth, videoHeight, readyState } = this.#video;
    if (readyState < 2) return;
    Object.assign(this.#canvas, { width: videoWidth, height: videoHeight, hidden: false });
    this.#canvas.getContext("2d")?.drawImage(this.#video, 0, 0);
    this.element.toggleAttribute("data-held", true);
  }

  /** What can't be played is shown small, or else as single pictures. */
  #fallBack() {
    if (this.#wanted === "main" && this.#hasSmall) {
      this.#smallOnly = true;
      this.#want("sub");
      return;
    }
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
