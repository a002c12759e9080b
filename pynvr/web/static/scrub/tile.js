// @ts-check
/** One camera's picture on the page: video, single picture over it, why there is none; name and time in a bar below it. */

import { h } from "../shell/dom.js";
import { CameraPlayer } from "../player/camera_player.js";

/**
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {import("../player/camera_player.js").Shared} Shared
 * @typedef {{clock: (time: number, precise: boolean) => string, why: (player: CameraPlayer) => string}} Words
 */

/** Off by more than this, a picture shows its own time as another one. */
const OTHER_S = 1;

export class Tile {
  #words;
  #reason;
  #clock;
  #note;
  #advice = h("span", { class: "tile-advice" }, ": this browser can't play it, a download plays in full elsewhere");
  #how = h("span", {});
  #time = NaN;

  /**
   * @param {Camera} camera
   * @param {Shared} shared
   * @param {Words} words
   */
  constructor(camera, shared, words) {
    this.#words = words;
    this.name = camera.name;
    const video = h("video", { muted: true, playsinline: true, disablepictureinpicture: true, tabindex: -1 });
    video.muted = true;
    const still = h("canvas", { class: "still" });
    this.#reason = h("p", { class: "reason" });
    this.#clock = h("span", { class: "tile-time" });
    this.#note = h("span", { class: "tile-note", hidden: true }, this.#how, this.#advice);
    this.button = h("button", { class: "tile-button", type: "button" });
    this.element = h(
      "div",
      { class: "tile", "data-camera": camera.id },
      video,
      still,
      this.#reason,
      h("p", { class: "tile-bar" }, h("span", { class: "tile-name" }, camera.name), this.#clock, this.#note),
      this.button,
    );
    this.player = new CameraPlayer({ video, still }, camera, shared);
    this.player.addEventListener("change", () => this.show(this.#time));
    this.setChosen(false);
  }

  get id() {
    return this.player.id;
  }

  /** @param {boolean} chosen */
  setChosen(chosen) {
    this.player.chosen = chosen;
    this.element.toggleAttribute("data-chosen", chosen);
    const { name } = this.player.camera;
    this.button.setAttribute("aria-label", chosen ? `${name}, the large picture: play or pause` : `Show ${name} large`);
  }

  /** Pixels that the picture takes on this screen. */
  measure() {
    const wide = this.element.clientWidth * Math.min(2, devicePixelRatio || 1);
    this.player.width = Math.min(1920, Math.max(160, Math.ceil(wide / 160) * 160));
  }

  /**
   * The clock stands at `time`.
   * @param {number} time
   */
  show(time) {
    this.#time = time;
    const { player } = this;
    const { condition, shown } = player;
    if (this.element.dataset["condition"] !== condition) this.element.dataset["condition"] = condition;
    const reason = condition === "gap" || condition === "failed" ? this.#words.why(player) : "";
    if (this.#reason.textContent !== reason) this.#reason.textContent = reason;
    const away = Math.abs(shown - time) > OTHER_S;
    const clock = reason || Number.isNaN(shown) ? "" : this.#words.clock(shown, player.chosen);
    if (this.#clock.textContent !== clock) this.#clock.textContent = clock;
    this.#clock.toggleAttribute("data-away", away);
    const how = player.chosen ? `${player.codec} in single pictures` : player.codec;
    if (this.#how.textContent !== how) this.#how.textContent = how;
    this.#advice.hidden = !player.chosen;
    this.#note.hidden = player.playable || reason !== "";
  }

  close() {
    this.player.close();
    this.element.remove();
  }
}
