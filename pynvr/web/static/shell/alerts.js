// @ts-check
/** Alerts as they come: how many nobody has seen, beside the way to their page; the newest below the header. */

import { alertWords, countWords } from "./alert_words.js";
import { api } from "./api.js";
import { h } from "./dom.js";
import { scrubAddress } from "./links.js";
import { repeat } from "./repeat.js";
import { formatClock } from "./time.js";
import { toast } from "./toast.js";

const KEY = "pynvr.alerts";
/** Those that come so soon after one another are told together. */
const TOGETHER_MS = 12_000;
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
  #quiet;
  #timezone;
  #more = 0;
  #toldAt = -Infinity;

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
    if (this.#quiet || isQuiet()) return;
    const now = performance.now();
    this.#more = now - this.#toldAt < TOGETHER_MS ? this.#more + 1 : 0;
    this.#toldAt = now;
    const clock = formatClock(alert.time, this.#timezone);
    const { kind, camera, camera_name: name, image_path: picture } = alert;
    toast(alertWords({ kind, name, clock, more: this.#more }), {
      tone: "news",
      picture: picture ?? undefined,
      action: {
        label: "Show",
        run: () => location.assign(scrubAddress({ cameras: [camera], time: alert.time - BEFORE_S })),
      },
    });
  }
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
