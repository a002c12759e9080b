// @ts-check
/** The marked range in the row of controls: in and out, how long, how large; and what can be done with it. */

import { fill, h } from "../shell/dom.js";
import { icon } from "../shell/icons.js";

const NOTHING_MARKED = "no range marked";
/** What a mark without its other end takes. */
const ALONE = { in: "alone it takes 30 s from there", out: "alone it takes 30 s up to there" };

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
  #words = h("p", { class: "marks-words", "aria-live": "polite" }, NOTHING_MARKED);
  #brief = h("span", { class: "marks-brief", "aria-live": "polite" });
  #clear;

  /**
   * @param {HTMLElement} element
   * @param {HTMLElement} quick on a phone In and Out stand here
   * @param {HTMLElement} moment on a phone the marked range stands here, in the place of the date
   * @param {Deeds} deeds
   */
  constructor(element, quick, moment, { mark, clear, download, more, keep, tag, incident, find, best }) {
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
          title: `Mark ${which} (${keys}); ${ALONE[which]}`,
          onclick: () => mark(which),
        },
        icon(sign),
        h("span", {}, words),
      );
    };
    /**
     * @param {"wide" | "middle" | "narrow"} room the narrowest window in which its words stand beside its sign; in others below it
     * @param {string} name @param {import("../shell/icons.js").IconName} sign @param {string} words @param {() => void} deed @param {string} more
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
    moment.append(this.#brief);
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

  /** @param {{clocks: string, extent: string} | null} words null: nothing is marked */
  show(words) {
    const lines = words ? [words.clocks, words.extent] : [NOTHING_MARKED];
    const known = [...this.#words.childNodes].map(({ textContent }) => textContent);
    if (lines.join("\n") !== known.join("\n")) {
      fill(this.#words, ...lines.map((line) => h("span", {}, line)));
      this.#words.title = lines.join("\n");
      this.#brief.textContent = words?.extent ?? "";
    }
    this.#words.toggleAttribute("data-marked", words !== null);
    // Its place stays, so that nothing moves beside it.
    this.#clear.style.visibility = words ? "" : "hidden";
  }
}
