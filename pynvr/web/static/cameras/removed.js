// @ts-check
/** Cameras that nvr.json has no more: their recordings can be watched as long as they last. */

import { h } from "../shell/dom.js";
import { scrubAddress } from "../shell/links.js";
import { formatMoment } from "../shell/time.js";
import { formatBytes } from "../shell/words.js";

/** @typedef {{ id: string, bytes: number, first: number, last: number }} Removed times in epoch seconds */

/**
 * @param {Removed[]} removed
 * @param {string} zone
 * @param {number} now
 */
export function removedList(removed, zone, now) {
  const items = removed.map(({ id, bytes, first, last }) => {
    const period = `${formatMoment(first, zone, now)} – ${formatMoment(last, zone, now)}`;
    const link = h("a", { href: scrubAddress({ cameras: [id], time: last - 0.5 }) }, id);
    return h("li", {}, link, h("span", { class: "muted" }, ` ${period}, ${formatBytes(bytes)}`));
  });
  return h("div", { class: "stack tight" }, h("h2", {}, "Removed, with recordings left"), h("ul", { class: "stack tight" }, ...items));
}
