// @ts-check
/** Alerts as they come: how many nobody has seen, beside the way to their page; the newest in the header. */

import { alertWords, countWords } from "./alert_words.js";
import { api } from "./api.js";
import { h } from "./dom.js";
import { scrubAddress } from "./links.js";
import { repeat } from "./repeat.js";
import { formatClock } from "./time.js";

const KEY = "pynvr.alerts";
/** The line stands so long; what comes meanwhile is told together with it. */
const LASTS_MS = 12_000;
/** The moment is shown from a little before. */
const BEFORE_S = 2;
/** Where there is no line for news, it is asked for. */
const ASK_EVERY_S = 30;

/**
 * @typedef {object} Alert as docs/live.md has it
 * @property {number} id
 * @property {string} camera
 * @property {string} camera_name
 * @property {string} kind
 * @property {number} time epoch seconds
 * @property {number} confidence_score
 * @property {{ x: number, y: number, width: number, height: number } | null} box
 * @property {string | null} image_path
 */

/** Fires `alert` (detail: `Alert`) and `count` (`count` changed). */
export class Alerts extends EventTarget {
  /** How many nobody has seen; NaN while that isn't known. */
  count = NaN;
  #number = h("span", { "aria-hidden": "true" });
  #words = h("span", { class: "visually-hidden" });
  /** Stands beside the way to the alerts' page. */
  element = h("span", { class: "count", hidden: true }, this.#number, this.#words);
  /** Leads to the moment. It stands in the header over the live line, so that nothing is covered and nothing moves. */
  #link = h("a", { class: "news-link", hidden: true });
  line = h("span", { class: "news-line", role: "status" }, this.#link);
  #quiet;
  #timezone;
  #told = /** @type {{ kind: string, name: string, clock: string }[]} */ ([]);
  #timer = 0;

  /**
   * @param {import("./connection.js").Connection} connection
   * @param {{ quiet: boolean, timezone: string }} options `quiet`: this page shows them itself
   */
  constructor(connection, { quiet, timezone }) {
    super();
    this.#quiet = quiet;
    this.#timezone = timezone;
    connection.addEventListener("alert", (event) => this.#take(/** @type {CustomEvent<Alert>} */ (event).detail));
    connection.addEventListener("unviewed", (event) => this.#show(/** @type {CustomEvent<number>} */ (event).detail));
    connection.listen();
    repeat(ASK_EVERY_S, async () => {
      if (connection.isLost) await this.#ask();
    });
  }

  async #ask() {
    try {
      this.#show((await api.get("/api/alerts/?viewed=false&limit=1")).total);
    } catch {
      // The header's line says that the server doesn't answer.
    }
  }

  /** @param {number} count */
  #show(count) {
    if (count === this.count) return;
    this.count = count;
    this.#number.textContent = countWords(count);
    this.#words.textContent = count > 0 ? `, ${countWords(count)} not viewed` : "";
    this.element.hidden = count === 0;
    this.dispatchEvent(new Event("count"));
  }

  /** @param {Alert} alert */
  #take(alert) {
    this.dispatchEvent(new CustomEvent("alert", { detail: alert }));
    if (this.#quiet || isHeld()) return;
    const { kind, camera, camera_name: name, time } = alert;
    this.#told.push({ kind, name, clock: formatClock(time, this.#timezone) });
    const words = alertWords(this.#told);
    this.#link.textContent = this.#link.title = words;
    this.#link.href = scrubAddress({ cameras: [camera], time: time - BEFORE_S });
    this.#link.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#end(), LASTS_MS);
  }

  #end() {
    // Nobody loses what the pointer or the keyboard is on.
    if (this.#link.matches(":hover, :focus")) {
      this.#timer = window.setTimeout(() => this.#end(), LASTS_MS);
      return;
    }
    this.#told = [];
    this.#link.hidden = true;
  }
}

/** Whether this browser's user wants to see the number alone, or is in the middle of something. */
function isHeld() {
  return isQuiet() || document.documentElement.dataset.news === "held";
}

/** Whether this browser's user wants to see the number alone. */
export function isQuiet() {
  try {
    return localStorage.getItem(KEY) === "quiet";
  } catch {
    return false;
  }
}

/** @param {boolean} quiet @returns {boolean} false: this browser keeps no such choice */
export function setQuiet(quiet) {
  try {
    if (quiet) localStorage.setItem(KEY, "quiet");
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}
