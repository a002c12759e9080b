// @ts-check
/** How a camera's picture is, in words. Pure. */

import { causeTone, causeWords } from "../shell/words.js";

/**
 * @typedef {object} Standing
 * @property {boolean} connected whether the page's connection stands
 * @property {string} state of the last system_status, "" before the first
 * @property {string} detail
 * @property {number} latency seconds, NaN while no picture is shown
 */

/**
 * @param {Standing} standing
 * @returns {{ words: string, tone: "" | "good" | "warn" | "alert" }} `words`: for the bar
 */
export function barOf({ connected, state, latency }) {
  if (!connected) return { words: "no connection to PyNVR", tone: "alert" };
  if (state === "live" || (state === "" && !Number.isNaN(latency))) {
    if (Number.isNaN(latency)) return { words: "starts", tone: "" };
    return { words: latencyWords(latency), tone: latency < 1.5 ? "good" : "warn" };
  }
  if (state === "" || state === "recording" || state === "starting") return { words: "starts", tone: "" };
  if (state === "disabled") return { words: "switched off", tone: "" };
  if (state === "removed") return { words: "removed", tone: "" };
  if (state === "PyNVR not running") return { words: "PyNVR isn't running", tone: "alert" };
  const tone = causeTone(state);
  return { words: causeWords(state), tone: tone === "alert" || tone === "warn" ? tone : "" };
}

/**
 * Which of a camera's two streams is shown, where that isn't what one expects; "" else.
 * @typedef {object} Shown
 * @property {"main" | "sub"} source
 * @property {boolean} standsIn it isn't the wanted one
 * @property {string} trouble why the sub-stream is away
 * @param {Shown} shown
 * @param {boolean} isLarge
 */
export function streamWords({ source, standsIn, trouble }, isLarge) {
  if (source === "main") return standsIn ? (isLarge && trouble ? `main stream, for the sub-stream is away (${trouble})` : "main stream") : "";
  return isLarge ? "sub-stream" : "";
}

/** `live · 0.3 s`. A clock that is a little off makes no picture of the future. @param {number} seconds */
export function latencyWords(seconds) {
  const late = Math.max(0, seconds);
  return late < 10 ? `live · ${late.toFixed(1)} s` : `${Math.round(late)} s late`;
}

/**
 * What stands where the picture should be; "" while it is shown.
 * @param {Standing} standing
 */
export function reasonOf(standing) {
  const { connected, state, detail, latency } = standing;
  if (!connected) return barOf(standing).words;
  if (!Number.isNaN(latency) && (state === "live" || state === "" || state === "recording")) return "";
  const { words } = barOf(standing);
  if (words === "starts") return "";
  return detail && detail !== words ? `${words}: ${detail}` : words;
}

/** `12 s ago`, `3 min ago`. @param {number} seconds */
export function agoWords(seconds) {
  const past = Math.max(0, Math.round(seconds));
  return past < 120 ? `${past} s ago` : `${Math.round(past / 60)} min ago`;
}
