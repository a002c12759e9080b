// @ts-check
/** All cameras as rows, for many of them at a glance. */

import { h } from "../shell/dom.js";
import { scrubAddress } from "../shell/links.js";
import { factsOf, isTroubled, stateOf } from "./words.js";

/**
 * @param {import("./words.js").Camera[]} cameras
 * @param {{ zone: string, now: number, isAdmin: boolean }} context
 */
export function cameraTable(cameras, { zone, now, isAdmin }) {
  const titles = ["Camera", "State", "Video", "Frame rate", "Bit rate", "On disk", "Back to", "Its clock"];
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      { class: "table folds" },
      h("caption", { class: "visually-hidden" }, "All cameras"),
      h("thead", {}, h("tr", {}, ...titles.map((title) => h("th", { scope: "col" }, title)), h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Ways on")))),
      h("tbody", {}, ...cameras.map(row)),
    ),
  );

  /** @param {import("./words.js").Camera} camera */
  function row(camera) {
    const { words, tone } = stateOf(camera, zone, now);
    const time = camera.last ? camera.last - 0.5 : undefined;
    return h(
      "tr",
      { "data-camera": camera.id },
      h("th", { scope: "row" }, h("a", { href: scrubAddress({ cameras: [camera.id], time }) }, camera.name)),
      h("td", { "data-label": "State" }, h("span", { class: "state-line", title: isTroubled(camera) ? camera.detail : undefined }, h("span", { class: "dot", "data-tone": tone }), " ", words)),
      ...factsOf(camera, zone, now).map((fact) =>
        h("td", { "data-label": fact.title, class: fact.warn ? "warn-text" : undefined }, fact.words || undefined),
      ),
      h("td", { class: "actions" }, isAdmin && h("a", { class: "button compact plain", href: `/settings#${camera.id}` }, "Settings")),
    );
  }
}
