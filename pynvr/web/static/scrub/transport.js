// @ts-check
/** The row of buttons that move through time: activity, frames, play, speed, sound; and the big clock beside them. */

import { h } from "../shell/dom.js";
import { SPEEDS, speedText } from "../player/speeds.js";
import { icon, setIcon } from "../shell/icons.js";

/** @typedef {import("./keys.js").Command} Command */

export class Transport {
  #play;
  #speed;
  #sound;
  #clock;
  #date;

  /**
   * @param {HTMLElement} element
   * @param {{run: (command: Command) => void, setSpeed: (speed: number) => void}} actions
   */
  constructor(element, { run, setSpeed }) {
    /** @param {Command} command @param {import("../shell/icons.js").IconName} sign @param {string} label @param {string} keys @param {string} [more] */
    const button = (command, sign, label, keys, more = "") =>
      h(
        "button",
        {
          class: `button sign ${more}`,
          type: "button",
          "data-command": command,
          "aria-label": label,
          "aria-keyshortcuts": keys,
          title: `${label} (${keys})`,
          onclick: () => run(command),
        },
        icon(sign),
      );
    this.#play = button("toggle", "play", "Play", "Space", "primary play");
    this.#sound = button("sound", "silent", "Sound on", "M", "plain sound");
    this.#speed = h(
      "select",
      {
        class: "input speed",
        "aria-label": "Speed",
        title: "Speed (J slower, L faster)",
        onchange: () => {
          setSpeed(Number(this.#speed.value));
          // The keys belong to the page again.
          this.#speed.blur();
        },
      },
      ...SPEEDS.map((speed) => h("option", { value: speed }, speedText(speed))),
    );
    this.#clock = h("span", { class: "big-clock" });
    this.#date = h("span", { class: "big-date" });
    element.append(
      h(
        "div",
        { class: "buttons", role: "toolbar", "aria-label": "Play" },
        button("previousActivity", "activityBack", "Previous activity", "Control+ArrowLeft"),
        button("previousFrame", "frameBack", "One frame back", ","),
        this.#play,
        button("nextFrame", "frameAhead", "One frame forward", "."),
        button("nextActivity", "activityAhead", "Next activity", "Control+ArrowRight"),
        this.#speed,
        this.#sound,
      ),
      h("p", { class: "moment", id: "moment" }, this.#clock, this.#date),
    );
  }

  /** @param {{playing: boolean, speed: number, sound: boolean}} state */
  showState({ playing, speed, sound }) {
    setIcon(this.#play, playing ? "pause" : "play");
    const label = playing ? "Pause" : "Play";
    this.#play.setAttribute("aria-label", label);
    this.#play.title = `${label} (Space)`;
    this.#speed.value = String(speed);
    this.#speed.toggleAttribute("data-unusual", speed !== 1);
    setIcon(this.#sound, sound ? "sound" : "silent");
    this.#sound.setAttribute("aria-label", sound ? "Sound off" : "Sound on");
    this.#sound.setAttribute("aria-pressed", String(sound));
  }

  /** @param {string} clock @param {string} date */
  showMoment(clock, date) {
    if (this.#clock.textContent !== clock) this.#clock.textContent = clock;
    if (this.#date.textContent !== date) this.#date.textContent = date;
  }
}
