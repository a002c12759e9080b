// @ts-check
/** The marked range of several cameras as one ZIP: asked first what it would be, then handed to the browser. */

import { api } from "../shell/api.js";
import { h } from "../shell/dom.js";
import { hand } from "../shell/hand.js";
import { zipAddress } from "../shell/links.js";
import { formatDuration } from "../shell/time.js";
import { counted, formatBytes } from "../shell/words.js";

/**
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {import("./take_away.js").Range} Range
 * @typedef {import("./take_away.js").Gaps} Gaps
 * @typedef {{camera_id: string, name: string, bytes: number, start: number, end: number, seconds: number, missing: [number, number][]}} ZipFile
 * @typedef {{bytes: number, name: string, files: ZipFile[], left_out: {camera_id: string, message: string}[]}} ZipPlan
 */

/**
 * Begin the download; answers what there is to say about it. Throws `ApiError` where there is nothing to download.
 * @param {readonly Camera[]} cameras
 * @param {Range} range
 * @param {Gaps} gaps
 * @returns {Promise<HTMLElement>}
 */
export async function downloadZip(cameras, range, gaps) {
  const address = zipAddress(
    cameras.map(({ id }) => id),
    range,
    gaps,
  );
  const plan = /** @type {ZipPlan} */ (await api.get(`${address}&plan=1`));
  hand(address);
  const whole = h(
    "p",
    { class: "answer-line", role: "status" },
    h("strong", {}, "One ZIP"),
    h("span", {}, zipWords(cameras, plan)),
    h("a", { href: address, download: true }, "Again"),
  );
  return h("div", { class: "stack tight" }, whole, ...remarks(cameras, plan, gaps));
}

/** @param {readonly Camera[]} cameras @param {ZipPlan} plan */
function zipWords(cameras, { bytes, files }) {
  const inside = cameras.filter(({ id }) => files.some((file) => file.camera_id === id)).length;
  const parts = files.length > inside ? ` in ${files.length} files, as formats changed` : "";
  return (
    `Downloading ${counted(inside, "camera")}${parts}, ${formatBytes(bytes)}. ` +
    "A text in it tells the times, what is missing, and each file's checksum."
  );
}

/** What isn't in it, camera by camera. @param {readonly Camera[]} cameras @param {ZipPlan} plan @param {Gaps} gaps */
function remarks(cameras, { files, left_out: leftOut }, gaps) {
  return cameras.flatMap(({ id, name }) => {
    const holes = files.filter((file) => file.camera_id === id).flatMap(({ missing }) => missing);
    const missing = holes.reduce((sum, [start, end]) => sum + end - start, 0);
    const words = leftOut.filter((left) => left.camera_id === id).map(({ message }) => message);
    if (missing >= 1) {
      words.push(`${formatDuration(missing)} are not recorded and ${gaps === "keep" ? "stay empty" : "left out"}`);
    }
    if (words.length === 0) return [];
    return [h("p", { class: "answer-line" }, h("strong", {}, name), h("span", {}, `${words.join("; ")}.`))];
  });
}
