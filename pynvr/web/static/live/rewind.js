// @ts-check
/** "What just happened": a camera's last moments, played in the place of its live picture. */

import { api } from "../shell/api.js";
import { h } from "../shell/dom.js";
import { icon, setIcon } from "../shell/icons.js";
import { scrubAddress } from "../shell/links.js";
import { formatClock } from "../shell/time.js";
import { agoWords } from "./words.js";

/** So far back from now, and so far further with each wish. */
export const REWIND_S = 30;
const STEP_S = 10;
/** Nearer to now than this it is live that is wanted. */
const LIVE_S = 3;

/** @typedef {import("../player/group_player.js").GroupPlayer} GroupPlayer */

/** Fires `end` when the person is to see the present again. */
export class Rewind extends EventTarget {
  #camera;
  #now;
  #timezone;
  /** @type {GroupPlayer | null} */
  #player = null;
  /** @type {import("../player/camera_player.js").CameraPlayer | null} */
  #source = null;
  /** @type {Promise<readonly [GroupPlayer, import("../player/camera_player.js").CameraPlayer]> | null} two wishes make one
   * player: another would have the same video */
  #making = null;
  #wish = 0;
  #sound = false;
  #wanted = NaN;
  #video = h("video", { playsinline: true, disablepictureinpicture: true, tabindex: -1 });
  #still = h("canvas", { class: "still", hidden: true });
  #reason = h("p", { class: "reason" });
  #clock = h("span", { class: "rewound-clock" });
  #pause;
  #scrub;
  /** Over the live picture. */
  picture = h("div", { class: "rewound", hidden: true }, this.#video, this.#still, this.#reason);
  /** In the place of the live bar. */
  bar;

  /**
   * @param {{ id: string, name: string }} camera
   * @param {{ now: () => number, timezone: string }} shell
   */
  constructor(camera, { now, timezone }) {
    super();
    this.#camera = camera;
    this.#now = now;
    this.#timezone = timezone;
    this.#video.muted = true;
    const button = (/** @type {string} */ words, /** @type {() => void} */ onclick, /** @type {Node | string} */ content) =>
      h("button", { class: "button plain sign", type: "button", title: words, "aria-label": `${camera.name}: ${words}`, onclick }, content);
    this.#pause = button("pause or play", () => this.toggle(), icon("pause"));
    this.#scrub = h("a", { class: "button plain", href: "/scrub" }, "Scrub");
    this.#scrub.setAttribute("aria-label", `${camera.name}: this moment on the scrub page`);
    // The address is of the moment of the click, also for a click that opens another tab.
    for (const event of ["pointerdown", "focus", "click", "auxclick"]) {
      this.#scrub.addEventListener(event, () => (this.#scrub.href = scrubAddress({ cameras: [camera.id], time: this.moment })));
    }
    this.bar = h(
      "div",
      { class: "live-bar rewound-bar", hidden: true },
      this.#clock,
      h(
        "span",
        { class: "live-tools" },
        button(`${STEP_S} seconds back`, () => this.move(-STEP_S), icon("previous")),
        this.#pause,
        button(`${STEP_S} seconds on`, () => this.move(STEP_S), icon("next")),
        this.#scrub,
        h("button", { class: "button plain", type: "button", onclick: () => this.close() }, "Live"),
      ),
    );
  }

  get isOpen() {
    return !this.bar.hidden;
  }

  /** The instant that is shown, epoch seconds. */
  get moment() {
    return this.#player?.moment ?? this.#wanted;
  }

  /** Play from there. @param {number} time epoch seconds */
  async open(time) {
    const wish = ++this.#wish;
    this.#wanted = time;
    this.picture.hidden = this.bar.hidden = false;
    this.#show();
    if (!this.#player) {
      let made;
      try {
        made = await (this.#making ??= this.#made());
      } catch {
        // The server is away; the live picture says so.
        this.#making = null;
        if (wish === this.#wish) this.close();
        return;
      }
      if (wish !== this.#wish) return; // the last one counts
      this.#making = null;
      [this.#player, this.#source] = made;
      this.#source.mute(!this.#sound);
    }
    this.#player.play();
    await this.#player.seek(time);
  }

  /** Further back, or on; where now is reached, live. @param {number} seconds */
  move(seconds) {
    const time = this.moment + seconds;
    if (time > this.#now() - LIVE_S) this.close();
    else void this.open(time);
  }

  /** Pause, or play on. */
  toggle() {
    if (this.#player?.playing) this.#player.pause();
    else this.#player?.play();
  }

  /** @param {boolean} sound */
  setSound(sound) {
    this.#sound = sound;
    this.#source?.mute(!sound);
  }

  close() {
    if (!this.isOpen) return;
    this.#wish += 1;
    this.#player?.close();
    this.#player = null;
    this.#source = null;
    this.picture.hidden = this.bar.hidden = true;
    this.dispatchEvent(new Event("end"));
  }

  /** The player is loaded by who wants it. */
  async #made() {
    const [{ CameraPlayer }, { FrameTimes }, { GroupPlayer }, { Pictures }, { Recorded }] = await Promise.all([
      import("../player/camera_player.js"),
      import("../player/frame_times.js"),
      import("../player/group_player.js"),
      import("../player/pictures.js"),
      import("../player/recorded.js"),
    ]);
    const get = (/** @type {string} */ path) => api.get(path);
    const recorded = new Recorded(get);
    const surface = { video: this.#video, still: this.#still };
    const camera = new CameraPlayer(surface, this.#camera, { recorded, pictures: new Pictures(), get });
    camera.chosen = true;
    camera.width = 1280;
    const times = `/api/1/camera/${encodeURIComponent(this.#camera.id)}/frames`;
    const player = new GroupPlayer(recorded, () => new FrameTimes((from, to) => get(`${times}?from=${from}&to=${to}`)));
    player.setPlayers([camera]);
    player.addEventListener("time", () => this.#show());
    player.addEventListener("state", () => this.#show());
    camera.addEventListener("change", () => this.#show());
    return /** @type {const} */ ([player, camera]);
  }

  #show() {
    const words = `${formatClock(this.moment, this.#timezone)} · ${agoWords(this.#now() - this.moment)}`;
    if (this.#clock.textContent !== words) this.#clock.textContent = words;
    setIcon(this.#pause, this.#player && !this.#player.playing ? "play" : "pause");
    const condition = this.#source?.condition ?? "loading";
    this.picture.dataset["condition"] = condition;
    const reason = condition === "gap" ? "nothing recorded then" : condition === "failed" ? "no picture of then" : "";
    if (this.#reason.textContent !== reason) this.#reason.textContent = reason;
  }
}
