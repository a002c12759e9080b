// @ts-check
/** Frames around what detectors saw, over a picture that keeps its shape in its place. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {import("./seen.js").Sight} Sight */

export class Boxes {
  element = document.createElementNS(SVG, "svg");
  #drawn = "";

  constructor() {
    this.element.classList.add("boxes");
    this.element.setAttribute("aria-hidden", "true");
    // As the picture itself is fitted into its place.
    this.element.setAttribute("preserveAspectRatio", "xMidYMid meet");
  }

  /**
   * @param {Sight[]} sights
   * @param {number} width of the picture, pixels
   * @param {number} height
   */
  show(sights, width, height) {
    const drawn = JSON.stringify([sights.map(({ kind, boxes }) => [kind, boxes]), width, height]);
    // The same ones fade, as what they stood around moves on.
    if (drawn === this.#drawn) return this.#fade(sights);
    this.#drawn = drawn;
    this.element.setAttribute("viewBox", `0 0 ${width || 1} ${height || 1}`);
    const boxes = width > 0 ? sights.flatMap(({ kind, boxes: found }) => found.map((box) => ({ kind, ...box }))) : [];
    this.element.replaceChildren(
      ...boxes.map((box) => {
        const frame = document.createElementNS(SVG, "rect");
        frame.dataset["kind"] = box.kind;
        frame.setAttribute("x", String(box.x * width));
        frame.setAttribute("y", String(box.y * height));
        frame.setAttribute("width", String(box.width * width));
        frame.setAttribute("height", String(box.height * height));
        return frame;
      }),
    );
    this.#fade(sights);
  }

  /** @param {Sight[]} sights */
  #fade(sights) {
    const past = new Set(sights.filter(({ isPast }) => isPast).map(({ kind }) => kind));
    for (const frame of this.element.querySelectorAll("rect")) {
      frame.toggleAttribute("data-past", past.has(frame.dataset["kind"] ?? ""));
    }
  }
}
