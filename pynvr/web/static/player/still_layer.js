// @ts-check
/** The canvas over a camera's video: a single picture, or the video's last frame while another is being loaded. */

/** @typedef {import("./pictures.js").Pictures} Pictures */

export class StillLayer {
  #canvas;
  #cameraId;
  #pictures;
  #wish = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {string} cameraId
   * @param {Pictures} pictures
   */
  constructor(canvas, cameraId, pictures) {
    this.#canvas = canvas;
    this.#cameraId = cameraId;
    this.#pictures = pictures;
    /** @type {number | null} the instant of the picture, null when the video is seen */
    this.shown = null;
    this.busy = false;
    canvas.hidden = true;
  }

  /**
   * Show the picture of an instant; false if it isn't wanted any more when it comes, or there is none.
   * @param {number} time
   * @param {number} width pixels
   * @param {boolean} exact the frame of the instant; else the keyframe before, which is there sooner
   * @param {boolean} urgent
   */
  async show(time, width, exact, urgent) {
    const wish = ++this.#wish;
    this.busy = true;
    const picture = await this.#pictures.want(
      { cameraId: this.#cameraId, time, width: Math.round(width), exact },
      urgent,
    );
    if (wish !== this.#wish) {
      picture?.bitmap.close();
      return false;
    }
    this.busy = false;
    if (picture === null) return false;
    this.#draw(picture.bitmap, picture.bitmap.width, picture.bitmap.height);
    picture.bitmap.close();
    this.shown = picture.time;
    this.#canvas.hidden = false;
    return true;
  }

  /**
   * Hold what the video shows, for it will be empty for a moment.
   * @param {HTMLVideoElement} video
   * @param {number} time of its frame, NaN where that isn't known
   */
  freeze(video, time) {
    if (!this.#canvas.hidden || video.readyState < 2 || video.videoWidth === 0) return;
    this.#draw(video, video.videoWidth, video.videoHeight);
    this.shown = time;
    this.#canvas.hidden = false;
  }

  hide() {
    this.#wish += 1;
    this.busy = false;
    this.shown = null;
    this.#canvas.hidden = true;
    this.#pictures.forget(this.#cameraId);
  }

  close() {
    this.hide();
    this.#canvas.width = 0;
  }

  /** @param {CanvasImageSource} source @param {number} width @param {number} height */
  #draw(source, width, height) {
    const canvas = this.#canvas;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    canvas.getContext("2d")?.drawImage(source, 0, 0);
  }
}
