// @ts-check
/** Who is told of alerts and trouble: a table of them. */

import { h } from "../shell/dom.js";
import { formatMoment } from "../shell/time.js";
import { KINDS, targetState } from "./notified_words.js";

/** @param {import("./notified_words.js").Target[]} targets @param {{ zone: string, now: number }} context */
export function targetTable(targets, { zone, now }) {
  const heads = [["Target"], ["State"], ["Sent", "number"], ["Waiting", "number"], ["Given up", "number"], ["Last taken"], ["Last error"]];
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      { class: "table folds targets" },
      h("caption", { class: "visually-hidden" }, "Who is told of alerts and trouble"),
      h("thead", {}, h("tr", {}, ...heads.map(([title, kind]) => h("th", { scope: "col", class: kind }, title)))),
      h("tbody", {}, ...targets.map(row)),
    ),
  );

  /** @param {import("./notified_words.js").Target} target */
  function row(target) {
    const { words, tone } = targetState(target);
    const moment = (/** @type {number | null} */ time) => (time === null ? undefined : formatMoment(time, zone, now));
    return h(
      "tr",
      { "data-target": target.name },
      h("th", { scope: "row" }, target.name, h("span", { class: "duty muted small" }, KINDS[target.kind] ?? target.kind)),
      h("td", { "data-label": "State" }, h("span", { class: "nowrap" }, h("span", { class: "dot inline", "data-tone": tone || undefined }), ` ${words}`)),
      h("td", { "data-label": "Sent", class: "number" }, target.sent),
      h("td", { "data-label": "Waiting", class: target.waiting > 0 ? "number warn-text" : "number" }, target.waiting),
      h("td", { "data-label": "Given up", class: target.given_up > 0 ? "number warn-text" : "number" }, target.given_up),
      h("td", { "data-label": "Last taken" }, moment(target.last_success)),
      h("td", { "data-label": "Last error", class: "says" }, target.error ? `${moment(target.last_error)}: ${target.error}` : undefined),
    );
  }
}
