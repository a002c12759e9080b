// @ts-check
/** A list of moments under the names of their days. */

import { byDay } from "./by_day.js";
import { h } from "./dom.js";
import { formatDate, partsOf } from "./time.js";

/**
 * @template Item
 * @param {readonly Item[]} items
 * @param {{timeOf: (item: Item) => number, zone: string, now: number, list: (items: Item[]) => HTMLElement}} given `list`: a day's
 * @returns {HTMLElement[]}
 */
export function daySections(items, { timeOf, zone, now, list }) {
  const words = (/** @type {number} */ time) => formatDate(time, zone, { year: partsOf(time, zone).year !== partsOf(now, zone).year });
  const today = words(now);
  return byDay(items, (item) => words(timeOf(item))).map(({ day, items: ofDay }) =>
    h("section", { class: "stack" }, h("h2", { class: "list-day" }, day === today ? "Today" : day), list(ofDay)),
  );
}
