// @ts-check
/** The ways to the other pages: those of every day in the header's line, the rest behind "More". */

import { h } from "./dom.js";
import { closesByItself } from "./user_menu.js";

/**
 * @typedef {object} PageEntry
 * @property {string} id
 * @property {string} title
 * @property {string} address
 * @property {"always" | "wide" | "menu"} place where its way stands: in the line, there on a wide screen, behind "More"
 * @property {boolean} [admin] for admins only
 */

/** @type {readonly PageEntry[]} */
export const PAGES = [
  { id: "live", title: "Live", address: "/live", place: "always" },
  { id: "scrub", title: "Scrub", address: "/scrub", place: "always" },
  { id: "alerts", title: "Alerts", address: "/alerts", place: "always" },
  { id: "incidents", title: "Incidents", address: "/incidents", place: "always" },
  { id: "tags", title: "Tags", address: "/tags", place: "wide" },
  { id: "cameras", title: "Cameras", address: "/cameras", place: "wide" },
  { id: "downloads", title: "Downloads", address: "/downloads", place: "wide" },
  { id: "system", title: "System", address: "/system", place: "menu" },
  { id: "log", title: "Log", address: "/log", place: "menu", admin: true },
  { id: "captures", title: "Captures", address: "/captures", place: "menu", admin: true },
  { id: "settings", title: "Settings", address: "/settings", place: "menu", admin: true },
  { id: "users", title: "Users", address: "/users", place: "menu", admin: true },
];

/**
 * The pages that somebody may see. One alone isn't hidden behind "More", where the line has room for it.
 * @param {boolean} isAdmin
 * @returns {PageEntry[]}
 */
export function pagesFor(isAdmin) {
  const pages = PAGES.filter(({ admin }) => !admin || isAdmin);
  const hidden = pages.filter(({ place }) => place === "menu");
  return pages.map((page) => (hidden.length === 1 && page === hidden[0] ? { ...page, place: "wide" } : page));
}

/**
 * @param {{ isAdmin: boolean, current: string, beside: Readonly<Record<string, HTMLElement>> }} options `current`: the id of
 *   this page; `beside`: what stands beside a page's title, by its id; only of pages that are always in the line
 */
export function siteNav({ isAdmin, current, beside }) {
  const pages = pagesFor(isAdmin);
  /** @param {PageEntry} page @param {string} [className] */
  const way = ({ id, title, address, place }, className) =>
    h(
      "li",
      { "data-place": place },
      h("a", { class: className, href: address, "aria-current": id === current ? "page" : undefined }, title, place === "always" && beside[id]),
    );
  const line = pages.filter(({ place }) => place !== "menu").map((page) => way(page));
  const rest = pages.filter(({ place }) => place !== "always");
  const here = rest.find(({ id }) => id === current);
  const menu = h(
    "details",
    { class: "menu more-pages", "data-place": rest.some(({ place }) => place === "menu") ? "always" : "narrow" },
    h(
      "summary",
      { "data-here": here?.place },
      h("span", { class: "more-word" }, "More"),
      here && h("span", { class: "here-word" }, h("span", { class: "visually-hidden" }, "More pages, this one: "), here.title),
      h("span", { "aria-hidden": "true" }, " ▾"),
    ),
    h("ul", { class: "menu-body" }, ...rest.map((page) => way(page, "button plain"))),
  );
  closesByItself(menu);
  return h("nav", { class: "site-nav", "aria-label": "Pages" }, h("ul", { class: "line" }, ...line), menu);
}
