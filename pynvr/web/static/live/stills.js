// @ts-check
/** JPEGs one after the other on a canvas; of those that come while one is being decoded, the newest. */

export class Stills {
  /** Wall time of the picture shown, epoch seconds. */
  shown = NaN;
  #canvas;
  #busy = false;
  /** @type {{ data: Uint8Array<ArrayBuffer>, time: number } | null} */
  #next = null;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  /** @param {Uint8Array<ArrayBuffer>} data @param {number} time epoch seconds */
  show(data, time) {
    this.#next = { data, time };
    if (!this.#busy) void this.#draw();
  }

  async #draw() {
    this.#busy = true;
    while (this.#next) {
      const { data, time } = this.#next;
      this.#next = null;
      try {
        const picture = await createImageBitmap(new Blob([data], { type: "image/jpeg" }));
        const canvas = this.#canvas;
        if (canvas.width !== picture.width || canvas.height !== picture.height) {
          canvas.width = picture.width;
          canvas.height = picture.height;
        }
        canvas.getContext("2d")?.drawImage(picture, 0, 0);
        picture.close();
        canvas.hidden = false;
        this.shown = time;
      } catch {
        // A damaged one; the next is on its way.
      }
    }
    this.#busy = false;
  }
}
