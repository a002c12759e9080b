// @ts-check
/** The marked range as MP4s: asked first what each would be, then handed to the browser; what can't be is explained. */

import { ApiError, api } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { hand } from "../shell/hand.js";
import { planAddress, rangeAddress } from "../shell/links.js";
import { formatDuration } from "../shell/time.js";
import { formatBytes } from "../shell/words.js";

/**
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {import("./take_away.js").Range} Range
 * @typedef {import("./take_away.js").Gaps} Gaps
 * @typedef {{bytes: number, start: number, end: number, seconds: number, name: string, missing: [number, number][]}} Plan
 * @typedef {{from: number, to: number, url: string}} Part
 * @typedef {{camera: Camera, plan: Plan | null, parts: Part[], mistake: string}} Found
 */

/** Between two downloads, so that the browser sees them as two. */
const APART_MS = 500;

/**
 * @param {Camera} camera
 * @param {Range} range
 * @param {Gaps} gaps
 * @param {AbortSignal} [signal]
 * @returns {Promise<Found>}
 */
export async function planned(camera, range, gaps, signal) {
  const found = { camera, plan: null, parts: [], mistake: "" };
  try {
    return { ...found, plan: await api.get(planAddress(camera.id, range, gaps), signal ? { signal } : {}) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "format_changes") return { ...found, parts: error.more["parts"], mistake: error.message };
    return { ...found, mistake: error.message };
  }
}

/**
 * Begin the downloads of all that can be; answers what there is to say about them.
 * @param {readonly Camera[]} cameras
 * @param {Range} range
 * @param {Gaps} gaps
 * @param {{clock: (time: number) => string, unplayable: (camera: Camera) => boolean}} page `unplayable`: this browser
 *   can't play that camera's video
 * @returns {Promise<HTMLElement>}
 */
export async function download(cameras, range, gaps, { clock, unplayable }) {
  const found = await Promise.all(cameras.map((camera) => planned(camera, range, gaps)));
  found
    .filter(({ plan }) => plan !== null)
    .forEach(({ camera }, at) => setTimeout(() => hand(rangeAddress(camera.id, range, gaps)), at * APART_MS));
  return h(
    "div",
    { class: "stack tight" },
    ...found.map((one) => told(one, range, gaps, clock, unplayable(one.camera))),
  );
}

/**
 * @param {Found} found
 * @param {Range} range
 * @param {Gaps} gaps
 * @param {(time: number) => string} clock
 * @param {boolean} strange
 */
function told({ camera, plan, parts, mistake }, range, gaps, clock, strange) {
  const name = h("strong", {}, camera.name);
  if (parts.length) {
    const links = parts.map(({ from, to, url }) =>
      h("a", { class: "button compact", href: url, download: true }, `${clock(from)} – ${clock(to)}`),
    );
    return h(
      "p",
      { class: "answer-line", role: "alert" },
      name,
      h("span", {}, "The camera's format changed in the middle. As separate files:"),
      ...links,
    );
  }
  if (plan === null)
    return h("p", { class: "answer-line", role: "alert" }, name, h("span", { class: "alert-text" }, mistake));
  const missing_s = plan.missing.reduce((sum, [start, end]) => sum + end - start, 0);
  const words = [
    `Downloading ${formatDuration(plan.seconds)}, ${formatBytes(plan.bytes)}.`,
    missing_s >= 1 &&
      `${formatDuration(missing_s)} of the range are not recorded and ${gaps === "keep" ? "stay empty" : "left out"}.`,
    strange && "It is H.265: plays in VLC and most phones, not in every browser.",
  ];
  return h(
    "p",
    { class: "answer-line", role: "status" },
    name,
    h("span", {}, words.filter(Boolean).join(" ")),
    h("a", { href: rangeAddress(camera.id, range, gaps), download: true }, "Again"),
  );
}

/**
 * All ways to take the range away.
 * @param {{camera: Camera, cameras: readonly Camera[], words: string, download: (cameras: readonly Camera[], gaps: Gaps) => void,
 *   together: (cameras: readonly Camera[], gaps: Gaps) => void, store: (cameras: readonly Camera[], gaps: Gaps) => void}} given
 *   `together`: as one file
 * @returns {HTMLElement}
 */
export function waysForm({ camera, cameras, words, download, together, store }) {
  const several = cameras.length > 1;
  const keep = h(
    "button",
    {
      class: "button admin-only",
      type: "button",
      onclick: () => store(chosen(), how()),
      title: "Made on the server and kept under Downloads",
    },
    "Store on the server",
  );
  const which = h(
    "select",
    { class: "input", "aria-label": "Cameras", onchange: () => (keep.hidden = which.value === "zip") },
    h("option", { value: "one" }, camera.name),
    several && h("option", { value: "zip" }, `all ${cameras.length} cameras in one ZIP`),
    several && h("option", { value: "all" }, `each of ${cameras.length} cameras by itself`),
  );
  const gaps = h(
    "select",
    { class: "input", "aria-label": "What isn't recorded" },
    h("option", { value: "close" }, "leave out what isn't recorded"),
    h("option", { value: "keep" }, "keep the time of what isn't recorded"),
  );
  const chosen = () => (which.value === "one" ? [camera] : cameras);
  const how = () => /** @type {Gaps} */ (gaps.value);
  const form = h("div", { class: "answer-line" });
  fill(
    form,
    h("strong", {}, "Take away"),
    h("span", { class: "nowrap" }, words),
    which,
    gaps,
    h("button", { class: "button primary", type: "button", onclick: () => take() }, "Download"),
    keep,
  );

  function take() {
    if (which.value === "zip") together(chosen(), how());
    else download(chosen(), how());
  }

  return form;
}
