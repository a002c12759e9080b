// @ts-check
/** One entry: when, what, who. */

import { h } from "../shell/dom.js";
import { scrubAddress } from "../shell/links.js";
import { formatClock } from "../shell/time.js";
import { factsOf, sentenceOf, spokenLevel, toneOf, whoWords } from "./words.js";

/**
 * @param {import("./wish.js").Entry} entry
 * @param {{timezone: string, nameOf: (id: string) => string}} context `nameOf`: of a camera
 */
export function row(entry, { timezone, nameOf }) {
  const clock = formatClock(entry.time, timezone);
  const level = spokenLevel(entry);
  const who = whoWords(entry);
  const camera = entry.camera_id;
  const way =
    camera &&
    h(
      "a",
      { href: scrubAddress({ cameras: [camera], time: entry.time }), "aria-label": `${nameOf(camera)} at ${clock}` },
      nameOf(camera),
    );
  const facts = [who, ...factsOf(entry)].filter(Boolean).join(" · ");
  return h(
    "li",
    { class: "log-row", "data-id": entry.id, "data-level": entry.level },
    h("time", { class: "number muted", datetime: new Date(entry.time * 1000).toISOString(), title: entry.action }, clock),
    h("span", { class: "dot", "data-tone": toneOf(entry), "aria-hidden": "true" }),
    h("div", { class: "log-words" }, h("p", {}, level && h("span", { class: "visually-hidden" }, `${level}: `), sentenceOf(entry)), facts && h("p", { class: "muted small" }, facts)),
    h("p", { class: "log-way small" }, way),
  );
}
