// @ts-check
/** The box that takes a time as a person writes it. */

import { h } from "../shell/dom.js";
import { addDays, countedFrom, formatClock, formatDay, isClock, parseTime } from "../shell/time.js";

/** So little ahead is now: a step forward may end there. */
const AHEAD_S = 60;
const FORMS = "14:07:31, yesterday 9:00, 21 nov 8:15; −10m: from the moment shown; 10 minutes ago: from now";

export class GoTo {
  #input;
  #mistake = h("p", { class: "mistake", role: "alert" });
  /** Under the box while somebody writes: what is taken, or which moment that is. */
  #echo = h("p", { class: "go-to-echo", "aria-live": "polite", hidden: true });

  /**
   * @param {{zone: string, moment: () => number, now: () => number, go: (time: number) => void}} page
   */
  constructor({ zone, moment, now, go }) {
    this.#input = h("input", {
      class: "input",
      type: "text",
      placeholder: "Go to time …",
      "aria-label": "Go to time",
      title: `${FORMS} (G)`,
      autocomplete: "off",
      spellcheck: false,
      enterkeyhint: "go",
      oninput: () => (this.#say(""), echo()),
      onfocus: () => echo(),
      onblur: () => (this.#say(""), (this.#echo.hidden = true)),
    });
    this.element = h(
      "form",
      {
        class: "go-to",
        role: "search",
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          const text = this.#input.value;
          if (!text.trim()) return;
          const time = meant(text, { zone, moment: moment(), now: now() });
          if (time === null) return this.#say("Not a time that I know. Try 14:07:31, or yesterday 9:00.");
          if (time > now() + AHEAD_S) return this.#say("That is still to come.");
          this.#input.value = "";
          this.#input.blur();
          go(Math.min(time, now()));
        },
      },
      this.#input,
      this.#echo,
      this.#mistake,
    );
    const echo = () => {
      const words = echoWords(this.#input.value, { zone, moment: moment(), now: now() });
      this.#echo.textContent = words;
      this.#echo.hidden = words === "";
    };
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  /** @param {string} mistake */
  #say(mistake) {
    this.#mistake.textContent = mistake;
    if (mistake) this.#echo.hidden = true;
    this.#input.setAttribute("aria-invalid", String(mistake !== ""));
  }
}

/** @typedef {{zone: string, moment: number, now: number}} Page */

/**
 * The instant that somebody wrote; null where it can't be read. A clock time alone is of the day that is looked at, or of
 * the day before where it is still to come.
 * @param {string} text
 * @param {Page} page
 */
function meant(text, { zone, moment, now }) {
  const time = parseTime(text, zone, moment, now);
  return time !== null && time > now + AHEAD_S && isClock(text) ? addDays(time, zone, -1) : time;
}

/**
 * What the box takes, while it is empty; the moment that stands in it, and what a step is counted from; "" while it can't be
 * read (yet).
 * @param {string} text
 * @param {Page} page
 */
export function echoWords(text, page) {
  if (!text.trim()) return FORMS;
  const time = meant(text, page);
  if (time === null) return "";
  const from = { near: ", from the moment shown", now: ", from now", "": "" }[countedFrom(text)];
  return `${formatDay(time, page.zone, page.now)} ${formatClock(time, page.zone)}${from}`;
}
