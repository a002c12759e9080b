// @ts-check
/** What was found, card by card: beside the pictures where there is room, else below the questions. */

import { fill, h } from "../shell/dom.js";
import { startOfDay } from "../shell/time.js";
import { changeCard } from "./find_change_card.js";

/**
 * @typedef {import("./find_change.js").Box} Box
 * @typedef {import("./find_change_search.js").Found} Found
 */

/** A window in which cards have room beside the pictures; find_change.css has the same width. */
const ROOMY = "(min-width: 46.01rem)";

export class FindResults {
  #list = h("ul", { class: "find-cards", "aria-label": "Changes that were found" });
  #aside = h("section", { class: "find-results", "aria-label": "Changes that were found" });
  #beside = matchMedia(ROOMY);
  #placed = () => this.#place();
  #below;
  #side;

  /**
   * @param {HTMLElement} below the questions
   * @param {HTMLElement} side where the pictures are
   */
  constructor(below, side) {
    this.#below = below;
    this.#side = side;
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
    fill(
      this.#list,
      ...found.map(({ camera, change }) =>
        changeCard({ camera, change, box, zone, dated, named, changed, go: () => go(camera.id, change.time) }),
      ),
    );
    this.#place();
    this.#aside.scrollTop = this.#list.scrollLeft = 0;
  }

  clear() {
    fill(this.#list);
    this.#place();
  }

  /** Nobody looks at them any more. */
  stop() {
    this.#beside.removeEventListener("change", this.#placed);
    this.#aside.remove();
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
