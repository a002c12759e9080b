// @ts-check
/** What the signs on the axis mean. */

import { h } from "../shell/dom.js";

/** Each sign, and its meaning for people. @type {readonly [string, string][]} */
const SIGNS = [
  ["recorded", "recorded"],
  ["activity", "activity: how much changed in the picture, against what is usual for the camera"],
  ["seen", "something was detected"],
  ["trouble", "not recorded, and somebody should look why"],
  ["gap", "not recorded, as it should be: switched off, not scheduled, PyNVR stopped, deleted to make room"],
  ["alert", "alert; hollow if it was viewed"],
  ["incident", "incident; red if there is no clip of it"],
  ["found", "a change that was found"],
  ["tag", "tag"],
  ["keep", "kept: it isn't deleted"],
];

/** @returns {HTMLElement} */
export function legend() {
  return h(
    "dl",
    { class: "legend" },
    ...SIGNS.map(([sign, words]) =>
      h(
        "div",
        {},
        h("dt", {}, h("span", { class: "legend-sign", "data-sign": sign, "aria-hidden": "true" })),
        h("dd", {}, words),
      ),
    ),
  );
}
