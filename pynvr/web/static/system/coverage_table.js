// @ts-check
/** Cameras down, days across; each cell leads to that day. What a cell stands for is said under the table. */

import { fill, h } from "../shell/dom.js";
import { scrubAddress } from "../shell/links.js";
import { formatDate, formatDuration, partsOf } from "../shell/time.js";
import { causeWords } from "../shell/words.js";
import { causesOf, cellOf, stopsApart } from "./coverage.js";

/** @typedef {import("./coverage.js").Day} Day */

const STOPPED = " A dashed edge: PyNVR was stopped for a while, which isn't counted.";

/**
 * @param {Record<string, { days: Day[], sums: Record<string, number>, stopped: number }>} cameras of /api/1/coverage?by=day
 * @param {Map<string, string>} names of cameras
 * @param {string} zone
 */
export function coverageTable(cameras, names, zone) {
  const days = Object.values(cameras)[0]?.days ?? [];
  const table = h(
    "table",
    { class: "coverage" },
    h("caption", { class: "visually-hidden" }, "Share of each day that was recorded, by camera"),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Camera"), ...days.map(dayHead))),
    h("tbody", {}, ...Object.entries(cameras).map(([id, camera]) => cameraRow(id, camera.days))),
  );
  table.addEventListener("pointerover", say);
  table.addEventListener("focusin", say);
  table.addEventListener("pointerleave", () => fill(told, hint));
  const causes = causesOf(Object.values(cameras).map(stopsApart));
  const hint = `Point at a day to see what is missing and why.${table.querySelector("[data-kind=stopped]") ? STOPPED : ""}`;
  const told = h("p", { class: "muted small told" }, hint);
  const missing = causes.map(([cause, seconds]) => h("li", {}, `${causeWords(cause)} `, h("b", {}, formatDuration(seconds))));
  return h(
    "div",
    { class: "stack" },
    h("div", { class: "table-scroll" }, table),
    told,
    causes.length > 0 && h("div", { class: "row small" }, h("span", { class: "muted" }, "Not recorded, all cameras together:"), h("ul", { class: "row causes" }, ...missing)),
  );

  /** @param {Day} day */
  function dayHead(day) {
    const { weekday } = partsOf(day.start, zone);
    const date = formatDate(day.start, zone, { year: false });
    const [name, ...rest] = date.split(" ");
    return h("th", { scope: "col", class: weekday === 0 ? "sunday" : undefined, "aria-label": date }, h("span", {}, name), h("span", {}, rest[0]));
  }

  /** @param {string} id @param {Day[]} its */
  function cameraRow(id, its) {
    const name = names.get(id) ?? id;
    return h("tr", {}, h("th", { scope: "row" }, name), ...its.map((day) => h("td", {}, cellLink(id, name, day))));
  }

  /** @param {string} id @param {string} name @param {Day} day */
  function cellLink(id, name, day) {
    const cell = cellOf(stopsApart(day));
    const words = `${name}, ${formatDate(day.start, zone, { year: false })}: ${cell.told}`;
    const link = h("a", { href: scrubAddress({ cameras: [id], time: day.start }), "data-kind": cell.kind, "aria-label": words }, cell.words || h("span", { class: "visually-hidden" }, "all"));
    // A style attribute would be refused by the page's policy; a property set here isn't.
    link.style.setProperty("--share", `${Math.round(cell.share * 100)}%`);
    return link;
  }

  /** @param {Event} event */
  function say(event) {
    const link = /** @type {Element} */ (event.target).closest("td a");
    if (link) fill(told, link.getAttribute("aria-label"));
  }
}
