// @ts-check
/** The panel of a time's best pictures: which are wanted, how far the search is, and the pictures to go to or to take. */

import { fill, h } from "../shell/dom.js";
import { icon } from "../shell/icons.js";
import { resultOf } from "../shell/lines.js";
import { formatClock, formatDate, partsOf } from "../shell/time.js";
import { counted } from "../shell/words.js";
import { bestFramesAddress, KINDS, nothingWords } from "./best_frames.js";
import { SearchState } from "./search_state.js";

/**
 * @typedef {import("./best_frames.js").By} By
 * @typedef {import("./best_frames.js").BestFrame} BestFrame
 * @typedef {import("./best_frames.js").Face} Face
 * @typedef {import("./take_away.js").Range} Range
 * @typedef {import("../player/camera_player.js").Camera} Camera
 */

const THUMBNAIL_WIDTH = 320;

/** What is looked for next time; for as long as the page is open. */
let usual = /** @type {By} */ ("sharpness");

/**
 * @param {{camera: Camera, range: Range, words: string, zone: string, go: (time: number) => void}} wish `words`: the range's
 * @returns {{element: HTMLElement, stop: () => undefined}} `stop`: nobody looks at it any more
 */
export function bestFramesPanel({ camera, range, words, zone, go }) {
  const again = h("button", { class: "button compact", type: "button", onclick: () => void search() }, "Try again");
  const state = new SearchState(
    (word) => (element.dataset["state"] = word),
    () => state.element.append(again),
  );
  const frames = h("ul", { class: "search-answers best-frames", "aria-label": "Best frames" });
  const kinds = h(
    "span",
    { class: "button-group", role: "group", "aria-label": "Which are best" },
    ...KINDS.map(({ by, words: name }) =>
      h(
        "button",
        {
          class: "button compact",
          type: "button",
          "data-by": by,
          "aria-pressed": String(by === usual),
          onclick: () => choose(by),
        },
        name,
      ),
    ),
  );
  const element = h(
    "div",
    { class: "search-panel best-panel" },
    h(
      "div",
      { class: "answer-line" },
      h("strong", {}, "Best frames"),
      kinds,
      h("span", { class: "search-where" }, `${camera.name}, ${words}`),
      state.element,
    ),
    frames,
  );

  /** @param {By} by */
  function choose(by) {
    usual = by;
    for (const button of kinds.children)
      button.setAttribute("aria-pressed", String(button instanceof HTMLElement && button.dataset["by"] === by));
    void search();
  }

  async function search() {
    const signal = state.begin("Looking at pictures");
    const by = usual;
    fill(frames);
    try {
      const found = await resultOf(bestFramesAddress(camera.id, range, by), { signal }, (told) => {
        if (!signal.aborted) state.tell(told.waits ? null : told.progress);
      });
      if (!signal.aborted) show(by, found);
    } catch (error) {
      if (!signal.aborted) state.fail(error, () => void search());
    }
  }

  /** @param {By} by @param {import("./best_frames.js").BestFrames} found */
  function show(by, found) {
    const none = found.frames.length === 0;
    const told = none ? nothingWords(by, found) : `${counted(found.looked_at, "picture")} looked at`;
    state.say("shown", h("span", { class: "muted", role: "status" }, told));
    fill(frames, ...found.frames.map((frame) => card(frame)));
  }

  /** @param {BestFrame} frame */
  function card({ time, url, faces }) {
    const clock = formatClock(time, zone, { seconds: true });
    const way = `Go to ${formatDate(time, zone, { year: false })} ${clock}`;
    const picture = h("img", {
      src: `${url}?width=${THUMBNAIL_WIDTH}`,
      alt: "",
      loading: "lazy",
      decoding: "async",
    });
    return h(
      "li",
      {},
      h(
        "button",
        { class: "search-picture best-picture", type: "button", "aria-label": way, title: way, onclick: () => go(time) },
        picture,
        ...faces.map((face) => frameOf(face)),
      ),
      h(
        "span",
        { class: "best-foot" },
        h("span", { class: "best-time" }, clock),
        h(
          "a",
          {
            class: "button plain sign",
            href: url,
            download: `${camera.id} ${fileTime(time, zone)}.jpg`,
            "aria-label": `Download the picture of ${clock}`,
            title: "Download the picture",
          },
          icon("down"),
        ),
      ),
    );
  }

  void search();
  return {
    element,
    stop: () => {
      state.stop();
    },
  };
}

/** @param {Face} face */
function frameOf({ box }) {
  const frame = h("span", { class: "best-face" });
  frame.style.left = `${box.x * 100}%`;
  frame.style.top = `${box.y * 100}%`;
  frame.style.width = `${box.width * 100}%`;
  frame.style.height = `${box.height * 100}%`;
  return frame;
}

/** Sorts by time; colons aren't for file names. @param {number} time @param {string} zone */
function fileTime(time, zone) {
  const { year, month, day } = partsOf(time, zone);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${year}-${two(month)}-${two(day)} ${formatClock(time, zone, { seconds: true }).replaceAll(":", ".")}`;
}
