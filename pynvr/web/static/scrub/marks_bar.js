// @ts-check
/** The marked range in the row of controls: in and out, how long, how large; and what can be done with it. */

import { h } from "../shell/dom.js";
import { icon } from "./icons.js";

/**
 * @typedef {object} Deeds
 * @property {(which: "in" | "out") => void} mark
 * @property {() => void} clear
 * @property {() => void} download
 * @property {() => void} more more ways to take the range away
 * @property {() => void} keep
 * @property {() => void} tag
 * @property {() => void} incident report the moment
 * @property {() => void} find when a part of the picture changed
 * @property {() => void} best the best pictures of the range
 */

export class MarksBar {
  #clocks = h("span", { class: "marks-clocks" });
  #extent = h("span", {});
  #words = h("p", { class: "marks-words", "aria-live": "polite" }, this.#clocks, this.#extent);
  #clear;

  /**
   * @param {HTMLElement} element
   * @param {HTMLElement} quick on a phone In and Out stand here
   * @param {Deeds} deeds
   */
  constructor(element, quick, { mark, clear, download, more, keep, tag, incident, find, best }) {
    this.#clear = h(
      "button",
      {
        class: "button plain sign",
        type: "button",
        "aria-label": "Clear the marks",
        title: "Clear the marks (X)",
        onclick: clear,
      },
      icon("close"),
    );
    /** @param {"in" | "out"} which @param {"markIn" | "markOut"} sign @param {string} keys */
    const markButton = (which, sign, keys) => {
      const words = which === "in" ? "In" : "Out";
      return h(
        "button",
        {
          class: "button mark",
          type: "button",
          "data-mark": which,
          "data-words": "wide",
          "aria-label": words,
          title: `Mark ${which} (${keys})`,
          onclick: () => mark(which),
        },
        icon(sign),
        h("span", {}, words),
      );
    };
    /**
     * @param {"wide" | "middle" | "narrow"} room the narrowest window in which its words stand beside its sign; in others below it
     * @param {string} name @param {import("./icons.js").IconName} sign @param {string} words @param {() => void} deed @param {string} more
     */
    const button = (room, name, sign, words, deed, more) => {
      const [first, ...rest] = words.split(" ");
      return h(
        "button",
        { class: `button ${more}`, type: "button", "data-deed": name, "data-words": room, "aria-label": words, title: words, onclick: deed },
        icon(sign),
        // Below its sign stands the first word alone.
        h("span", {}, first, rest.length > 0 && h("span", { class: "rest" }, ` ${rest.join(" ")}`)),
      );
    };
    quick.append(markButton("in", "markIn", "I or ["), markButton("out", "markOut", "O or ]"));
    element.append(
      h(
        "div",
        { class: "marks", role: "group", "aria-label": "Marked range" },
        markButton("in", "markIn", "I or ["),
        markButton("out", "markOut", "O or ]"),
        this.#words,
        this.#clear,
      ),
      h(
        "div",
        { class: "deeds", role: "group", "aria-label": "Take away" },
        h(
          "span",
          { class: "button-group" },
          button("narrow", "download", "down", "Download MP4", download, "primary"),
          h(
            "button",
            {
              class: "button primary sign",
              type: "button",
              "data-deed": "more",
              "aria-label": "More ways to take it away",
              title: "More ways",
              onclick: more,
            },
            icon("more"),
          ),
        ),
        button("wide", "keep", "keep", "Keep", keep, "admin-only"),
        button("wide", "tag", "tag", "Tag", tag, "admin-only"),
        button("wide", "incident", "incident", "Incident", incident, "admin-only"),
        button("middle", "find", "find", "Find the change", find, ""),
        button("middle", "best", "best", "Best frames", best, ""),
      ),
    );
  }

  /**
   * @param {string} clocks from when until when; empty: nothing is marked
   * @param {string} extent how long, how large
   */
  show(clocks, extent) {
    const from = clocks && `${clocks} · `;
    if (this.#clocks.textContent !== from) this.#clocks.textContent = from;
    if (this.#extent.textContent !== extent) this.#extent.textContent = extent;
    this.#words.hidden = this.#clear.hidden = clocks === "";
  }
}
