// @ts-check
/** One change that was found: the place before and after it with a wipe between them, its clip, and what to do with it. */

import { ApiError, api } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { icon } from "../shell/icons.js";
import { formatClock, formatDate } from "../shell/time.js";
import { around, clearnessWords, closeUp, kindWords } from "./find_change.js";

/**
 * @typedef {import("./find_change.js").Box} Box
 * @typedef {import("./find_change.js").Change} Change
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {object} Given
 * @property {Camera} camera
 * @property {Change} change
 * @property {Box | null} box that somebody drew; null: the whole picture was looked at
 * @property {string} zone
 * @property {boolean} dated the day stands beside the time
 * @property {boolean} named the camera's name too
 * @property {() => void} go
 * @property {() => void} changed something was kept
 */

/** A card is so wide on the page; pixels. */
const WIDTH = 336;
const STEP = 160;
const WIDEST = 1920;
const AROUND_S = 10;
const TRIES = 4;
const AGAIN_MS = 500;

/**
 * @param {Given} given
 * @returns {HTMLElement}
 */
export function changeCard(given) {
  const { camera, change, zone, dated, named, go } = given;
  const clock = formatClock(change.time, zone, change.exact ? { digits: 1 } : {});
  const date = formatDate(change.time, zone, { year: false });
  const clear = Math.round(change.confidence * 100);
  const stage = h("div", { class: "find-stage" });
  const mistake = h("p", { class: "mistake", role: "alert" });
  const pair = pictures(given, clock);
  const play = h(
    "button",
    { class: "button compact", type: "button", "aria-pressed": "false", onclick: () => toggle() },
    icon("play"),
    h("span", {}, "Play"),
  );
  fill(stage, pair);

  function toggle() {
    const playing = play.getAttribute("aria-pressed") === "true";
    play.setAttribute("aria-pressed", String(!playing));
    fill(play, icon(playing ? "play" : "boxes"), h("span", {}, playing ? "Play" : "Pictures"));
    fill(stage, playing ? pair : clip(change));
  }

  const title = `${kindWords(change.kind)} at ${clock}${named ? `, ${camera.name}` : ""}`;
  return h(
    "li",
    { class: "find-card", "aria-label": title, "data-time": change.time },
    stage,
    h(
      "div",
      { class: "find-told" },
      h("strong", { class: "find-clock" }, clock),
      dated && h("span", { class: "muted" }, date),
      named && h("span", {}, camera.name),
      h("span", { class: "find-kind" }, kindWords(change.kind).toLowerCase()),
      h(
        "span",
        {
          class: "muted find-clear",
          title: `${clear} of 100, beside what light and weather change; right to the ${change.exact ? "frame" : "keyframe"}`,
        },
        clearnessWords(change.confidence),
      ),
    ),
    h(
      "div",
      { class: "find-deeds", role: "group", "aria-label": title },
      play,
      h("button", { class: "button compact", type: "button", onclick: go }, "Go there"),
      reporter(given, mistake),
      h("span", { class: "grow" }),
      h(
        "a",
        {
          class: "button compact plain sign",
          href: change.clip_url,
          download: true,
          title: "Download the 20 seconds around it",
          "aria-label": "Download the 20 seconds around it",
        },
        icon("down"),
      ),
      keeper(given, mistake),
    ),
    mistake,
  );
}

/**
 * Both pictures, one above the other; the pointer, a finger or arrow keys move the edge between them.
 * @param {Given} given
 * @param {string} clock
 */
function pictures({ change, box, zone }, clock) {
  const shown = box ? around(box, change.where) : (change.where ?? null);
  const near = shown ? closeUp(shown) : { x: 0, y: 0, size: 1 };
  const frames = [box && { box, kind: "drawn" }, change.where && { box: change.where, kind: "where" }].filter(Boolean);
  let isNear = near.size < 1;
  const sides = [
    { url: change.before_url, time: change.before_time, words: "before" },
    { url: change.after_url, time: change.after_time, words: "after" },
  ].map(({ url, time, words }) => {
    const picture = h("img", { alt: `${words} it, ${formatClock(time, zone)}`, loading: "lazy", decoding: "async", draggable: "false" });
    const width = Math.ceil((WIDTH * Math.min(2, devicePixelRatio || 1)) / near.size / STEP) * STEP;
    const address = `${url}?width=${Math.min(WIDEST, width)}`;
    picture.src = address;
    const lost = h("span", { class: "find-lost", hidden: true }, "This picture can't be shown; it may be deleted.");
    let tries = 1;
    picture.addEventListener("error", () => {
      // More pictures are asked for than can be made at once: a little later they can.
      if (tries < TRIES) setTimeout(() => (picture.src = `${address}&try=${(tries += 1)}`), tries * AGAIN_MS);
      else lost.hidden = false;
    });
    picture.addEventListener("load", () => form(picture));
    const plane = h("div", { class: "find-plane" }, picture, ...frames.map((frame) => outline(frame)));
    return { plane, side: h("div", { class: "find-side", "data-side": words }, plane, lost) };
  });
  const wipe = h("input", {
    class: "find-wipe",
    type: "range",
    min: 0,
    max: 100,
    value: 50,
    step: 2,
    "aria-label": `Before and after ${clock}: right shows more of before, left more of after`,
    oninput: () => cut(Number(wipe.value)),
  });
  const zoom = h("button", {
    class: "button compact find-zoom",
    type: "button",
    hidden: near.size >= 1,
    onclick: () => ((isNear = !isNear), place()),
  });
  const element = h(
    "div",
    {
      class: "find-pair",
      // A mouse needs no press.
      onpointermove: (/** @type {PointerEvent} */ event) => event.pointerType === "mouse" && event.target === wipe && follow(event),
      onpointerleave: (/** @type {PointerEvent} */ event) => event.pointerType === "mouse" && cut(50),
    },
    ...sides.map(({ side }) => side),
    h("span", { class: "find-edge", "aria-hidden": "true" }),
    h("span", { class: "find-label", "data-side": "before", "aria-hidden": "true" }, `before · ${formatClock(change.before_time, zone)}`),
    h("span", { class: "find-label", "data-side": "after", "aria-hidden": "true" }, `after · ${formatClock(change.after_time, zone)}`),
    wipe,
    zoom,
  );

  /** @param {PointerEvent} event */
  function follow({ clientX }) {
    const { left, width } = element.getBoundingClientRect();
    cut(((clientX - left) / width) * 100);
  }

  /** @param {number} percent of the width that shows what was before */
  function cut(percent) {
    wipe.value = String(percent);
    element.style.setProperty("--cut", `${percent}%`);
  }

  /** @param {HTMLImageElement} picture */
  function form({ naturalWidth, naturalHeight }) {
    if (naturalHeight > 0) element.style.aspectRatio = `${naturalWidth} / ${naturalHeight}`;
  }

  function place() {
    const { x, y, size } = isNear ? near : { x: 0, y: 0, size: 1 };
    for (const { plane } of sides) {
      plane.style.width = plane.style.height = `${100 / size}%`;
      plane.style.left = `${(-x / size) * 100}%`;
      plane.style.top = `${(-y / size) * 100}%`;
    }
    zoom.textContent = isNear ? "Whole picture" : "Close up";
  }

  place();
  cut(50);
  return element;
}

/** @param {any} frame any: of what was filtered above */
function outline({ box: [x, y, width, height], kind }) {
  const element = h("span", { class: "find-outline", "data-kind": kind });
  const { style } = element;
  [style.left, style.top, style.width, style.height] = [x, y, width, height].map((share) => `${share * 100}%`);
  return element;
}

/** The 20 seconds around it, playing in place of the pictures. @param {Change} change */
function clip({ clip_url: url }) {
  const video = h("video", { class: "find-clip", src: url, controls: true, autoplay: true, playsinline: true, loop: true });
  video.muted = true;
  const holder = h("div", { class: "find-clip-holder" }, video);
  video.addEventListener("error", () =>
    fill(
      holder,
      h(
        "p",
        { class: "find-lost", role: "status" },
        "This browser can't play it here. “Go there” shows single pictures; the download plays elsewhere.",
      ),
    ),
  );
  return holder;
}

/** Keep the 20 seconds, and let them go again. @param {Given} given @param {HTMLElement} mistake */
function keeper({ camera, change, changed }, mistake) {
  let kept = /** @type {number | null} */ (null);
  const words = () => (kept === null ? "Keep the 20 seconds around it" : "Kept; press to let it go again");
  const button = h(
    "button",
    { class: "button compact plain sign admin-only", type: "button", "data-deed": "keep", onclick: () => void press() },
    icon("keep"),
  );
  show();
  return button;

  function show() {
    button.title = words();
    button.setAttribute("aria-label", words());
    button.setAttribute("aria-pressed", String(kept !== null));
  }

  async function press() {
    button.disabled = true;
    mistake.textContent = "";
    try {
      if (kept === null) {
        const { time, kind } = change;
        const reason = `${kindWords(kind)} here`;
        const body = { camera_id: camera.id, from: time - AROUND_S, to: time + AROUND_S, reason };
        kept = (await api.post("/api/1/keeps", body)).id;
      } else {
        await api.delete(`/api/1/keeps/${kept}`);
        kept = null;
      }
      changed();
    } catch (error) {
      mistake.textContent = error instanceof ApiError ? error.message : String(error);
    }
    button.disabled = false;
    show();
  }
}

/** Make an incident of it, whose clip is then cut and delivered. @param {Given} given @param {HTMLElement} mistake */
function reporter({ camera, change }, mistake) {
  const button = h(
    "button",
    {
      class: "button compact admin-only",
      type: "button",
      title: "Make an incident of it: its clip is cut, and delivered where that is set up",
      onclick: () => void report(),
    },
    "Incident",
  );
  return button;

  async function report() {
    button.disabled = true;
    mistake.textContent = "";
    try {
      const body = { camera_id: camera.id, incident_time: change.time, note: `${kindWords(change.kind)} here` };
      await api.post("/api/incidents", body);
      const link = h("a", { class: "button compact", href: "/incidents" }, "Incidents");
      button.replaceWith(link);
      link.focus();
    } catch (error) {
      mistake.textContent = error instanceof ApiError ? error.message : String(error);
      button.disabled = false;
    }
  }
}
