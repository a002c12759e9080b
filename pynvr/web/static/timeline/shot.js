// @ts-check
/** One small picture with its camera's name, or the reason why there is none. */

export class Shot {
  #image = document.createElement("img");
  #cause = document.createElement("span");
  #name = document.createElement("span");

  /** @param {{name: string, className?: string}} options */
  constructor({ name, className = "timeline-shot-name" }) {
    this.element = document.createElement("div");
    this.element.className = "timeline-shot";
    this.#cause.className = "timeline-shot-cause";
    this.#name.className = className;
    this.#name.textContent = name;
    this.#image.alt = "";
    this.#image.hidden = true;
    this.#image.draggable = false;
    this.element.append(this.#cause, this.#image, this.#name);
  }

  /** @param {string} src */
  picture(src) {
    if (this.#image.src !== src) this.#image.src = src;
    this.#image.hidden = false;
    this.#cause.textContent = "";
  }

  /**
   * Instead of a picture.
   * @param {string} text
   */
  cause(text) {
    this.#image.hidden = true;
    this.#image.removeAttribute("src");
    this.#cause.textContent = text;
  }

  /** @param {boolean} chosen */
  choose(chosen) {
    this.element.dataset.chosen = String(chosen);
  }
}
