// @ts-check
/** Trying a camera out before it is saved: what it sends, with its picture, or why nothing comes. */

import { ApiError, api } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { causeWords, codecName, formatFps, formatRate } from "../shell/words.js";

/**
 * @typedef {object} Seen the answer of /api/cameras/test
 * @property {boolean} ok
 * @property {string} detail
 * @property {string} [cause]
 * @property {string} [codec]
 * @property {number} [width]
 * @property {number} [height]
 * @property {number} [fps]
 * @property {number} [declared_fps]
 * @property {number} [keyframe_interval] seconds
 * @property {number} [kbps]
 * @property {string} [audio]
 * @property {string} [transport]
 * @property {string | null} [picture] data URL
 * @property {Seen | null} [sub_stream] of the smaller stream, if there is one
 */

export class Trial {
  element = h("div", { class: "trial", role: "status", "aria-live": "polite" });
  /** @type {AbortController | null} */
  #running = null;

  /**
   * @param {Record<string, any>} document any: a camera of nvr.json
   * @returns {Promise<ApiError | null>} what the server found wrong with the document itself
   */
  async run(document) {
    this.#running?.abort();
    const mine = new AbortController();
    this.#running = mine;
    const cancel = h("button", { class: "button compact", type: "button", onclick: () => this.clear() }, "Cancel");
    fill(this.element, h("p", { class: "note" }, h("span", { class: "loading grow" }, "Watching the camera for some seconds …"), cancel));
    try {
      /** @type {Seen} */
      const seen = await api.post("/api/cameras/test", document, { signal: mine.signal });
      if (mine === this.#running) fill(this.element, ...panels(seen));
    } catch (error) {
      if (mine.signal.aborted) return null;
      const isMistake = error instanceof ApiError && error.status === 422;
      fill(this.element, isMistake ? null : h("p", { class: "note", "data-tone": "alert" }, error instanceof Error ? error.message : String(error)));
      return isMistake ? error : null;
    }
    return null;
  }

  clear() {
    this.#running?.abort();
    this.#running = null;
    fill(this.element);
  }
}

/** @param {Seen} seen */
function panels(seen) {
  const small = seen.sub_stream;
  const main = seen.ok ? picture(seen) : trouble(seen);
  if (!small) return [main];
  return [h("div", { class: "stack" }, main, h("h3", {}, "Its smaller stream"), small.ok ? picture(small) : trouble(small))];
}

/** @param {Seen} seen */
function picture(seen) {
  const facts = factsOf(seen).flatMap(([title, words]) => [h("dt", {}, title), h("dd", {}, words)]);
  return h(
    "div",
    { class: "panel seen" },
    seen.picture ? h("img", { src: seen.picture, alt: "What the camera shows now", width: seen.width, height: seen.height }) : h("p", { class: "muted" }, "no picture"),
    h("div", { class: "stack" }, h("h3", {}, h("span", { class: "dot inline", "data-tone": "good" }), " It works"), h("dl", { class: "facts" }, ...facts)),
  );
}

/** @param {Seen} seen @returns {[string, string][]} */
export function factsOf(seen) {
  const { codec, width, height, fps = 0, declared_fps: declared = 0, keyframe_interval: interval, kbps, audio, transport } = seen;
  /** @type {[string, string][]} */
  const facts = [["Video", `${codecName(codec ?? "")} ${width} × ${height}`]];
  const off = declared > 0 && Math.abs(declared - fps) > Math.max(1, declared / 10);
  facts.push(["Frame rate", off ? `${formatFps(fps)}, says ${formatFps(declared)}` : formatFps(fps)]);
  if (interval) facts.push(["Keyframe", `each ${Math.round(interval * 10) / 10} s`]);
  if (kbps) facts.push(["Bit rate", formatRate(kbps)]);
  facts.push(["Sound", audio ? codecName(audio) : "none"]);
  if (transport) facts.push(["Over", transport.toUpperCase()]);
  return facts;
}

/** @param {Seen} seen */
function trouble({ detail, cause }) {
  const words = cause ? causeWords(cause) : "nothing comes";
  return h("div", { class: "note", "data-tone": "alert" }, h("div", { class: "stack tight" }, h("h3", {}, words.charAt(0).toUpperCase() + words.slice(1)), h("p", {}, detail)));
}
