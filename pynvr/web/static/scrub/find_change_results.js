// @ts-check
/** What was found, card by card: beside the pictures where there is room, else below the questions. */

import { fill, h } from "../shell/dom.js";
import { startOfDay } from "../shell/time.js";
import { marksOf } from "./find_change.js";
import { changeCard } from "./find_change_card.js";

/**
 * @typedef {import("./find_change.js").Box} Box
 * @typedef {import("./find_change_search.js").Found} Found
 * @typedef {import("../timeline/found.js").Found} Mark
 */

/** A window in which cards have room beside the pictures; find_change.css has the same width. */
const ROOMY = "(min-width: 46.01rem)";

export class FindResults {
  #list = h("ul", { class: "search-answers find-cards", "aria-label": "Changes that were found" });
  #aside = h("section", { class: "find-results", "aria-label": "Changes that were found" });
  #beside = matchMedia(ROOMY);
  #placed = () => this.#place();
  #below;
  #side;
  #mark;
  /** @type {readonly Found[]} */
  #found = [];
  #go = (/** @type {Found} */ _found) => {};

  /**
   * @param {HTMLElement} below the questions
   * @param {HTMLElement} side where the pictures are
   * @param {(marks: Mark[]) => void} mark shows them on the axis
   */
  constructor(below, side, mark) {
    this.#below = below;
    this.#side = side;
    this.#mark = mark;
    this.#beside.addEventListener("change", this.#placed);
    this.#place();
  }

  /**
   * @param {readonly Found[]} found
   * @param {{box: Box | null, zone: string, at: number, named: boolean, changed: () => void,
   *   go: (cameraId: string, time: number) => void}} given `at`: when it is as it was looked for; `named`: each with its camera
   */
  show(found, { box, zone, at, named, changed, go }) {
    const days = new Set([at, ...found.map(({ change }) => change.time)].map((time) => startOfDay(time, zone)));
    const dated = days.size > 1;
    this.#found = found;
    this.#go = ({ camera, change }) => go(camera.id, change.time);
    fill(
      this.#list,
      ...found.map(({ camera, change }, index) =>
        changeCard({ camera, change, box, zone, dated, named, changed, go: () => this.choose(index) }),
      ),
    );
    this.#place();
    this.#aside.scrollTop = this.#list.scrollLeft = 0;
    this.#mark(marksOf(found, null));
  }

  /** Goes to one of them. @param {number} index */
  choose(index) {
    for (const [number, card] of [...this.#list.children].entries())
      if (number === index) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
    this.#list.children[index]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#mark(marksOf(this.#found, index));
    const chosen = this.#found[index];
    if (chosen) this.#go(chosen);
  }

  clear() {
    this.#found = [];
    fill(this.#list);
    this.#place();
    this.#mark([]);
  }

  /** Nobody looks at them any more. */
  stop() {
    this.#beside.removeEventListener("change", this.#placed);
    this.#aside.remove();
    this.#mark([]);
  }

  #place() {
    if (this.#beside.matches && this.#list.childElementCount > 0) {
      this.#aside.append(this.#list);
      this.#side.append(this.#aside);
    } else {
      this.#below.append(this.#list);
      this.#aside.remove();
    }
  }
}
