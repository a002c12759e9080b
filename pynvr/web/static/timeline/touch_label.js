// @ts-check
/** The time under a finger, shown above it: the finger hides what the canvas could say. */

const ABOVE_FINGER = 58;
const MARGIN = 4;

export class TouchLabel {
  constructor() {
    this.element = document.createElement("div");
    this.element.className = "timeline-touch-label";
    this.element.setAttribute("aria-hidden", "true");
    this.element.hidden = true;
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{x: number, y: number}} finger CSS pixels on the canvas
   * @param {string} text
   */
  show(canvas, finger, text) {
    if (!this.element.isConnected) document.body.append(this.element);
    this.element.hidden = false;
    this.element.textContent = text;
    const box = canvas.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.element;
    const left = Math.min(innerWidth - offsetWidth - MARGIN, Math.max(MARGIN, box.left + finger.x - offsetWidth / 2));
    const top = Math.min(box.top + finger.y - ABOVE_FINGER, box.top + 2) - offsetHeight;
    this.element.style.translate = `${Math.round(left)}px ${Math.round(Math.max(MARGIN, top))}px`;
  }

  hide() {
    this.element.hidden = true;
  }

  remove() {
    this.element.remove();
  }
}
