// @ts-check
/** What every page has around it: name, ways to the other pages, the line that says whether all is well, the user. */

import { ApiError, api } from "./api.js";
import { h } from "./dom.js";
import { LiveLine } from "./live_line.js";
import { toast } from "./toast.js";
import { userMenu } from "./user_menu.js";

export { toast } from "./toast.js";

/**
 * @typedef {object} Me
 * @property {string} name
 * @property {"viewer" | "admin"} role
 */

/**
 * @typedef {object} Shell
 * @property {Me} me
 * @property {string} name of this PyNVR
 * @property {string} timezone IANA name of the configured zone
 * @property {HTMLElement} slot in the header, for what a page wants to have there
 * @property {typeof toast} toast
 */

/** @type {{ id: string, title: string, address: string, admin?: boolean }[]} */
const PAGES = [
  { id: "scrub", title: "Scrub", address: "/scrub" },
  { id: "cameras", title: "Cameras", address: "/cameras" },
  { id: "downloads", title: "Downloads", address: "/downloads" },
  { id: "system", title: "System", address: "/system" },
  { id: "settings", title: "Settings", address: "/settings", admin: true },
  { id: "users", title: "Users", address: "/users", admin: true },
];

/**
 * Put the header on the page, and find out who is here and in which zone times are meant. The page's HTML has a
 * `<header class="site-header" id="site-header">`, so that nothing moves when it fills.
 * @param {{ page: string }} options the id of this page, as in `PAGES`, or another ("account")
 * @returns {Promise<Shell>}
 */
export async function mountShell({ page }) {
  const header = document.getElementById("site-header") ?? document.body.insertBefore(h("header"), document.body.firstChild);
  header.classList.add("site-header");
  const slot = h("div", { class: "slot" });
  const live = new LiveLine();
  const [me, system] = await Promise.all([whoIsHere(), systemInfo()]);
  const name = system?.name ?? "PyNVR";
  const links = PAGES.filter((entry) => !entry.admin || me.role === "admin").map((entry) =>
    h("li", {}, h("a", { href: entry.address, "aria-current": entry.id === page ? "page" : undefined }, entry.title)),
  );
  header.replaceChildren(
    h("a", { class: "skip", href: "#main" }, "Skip to the content"),
    h("a", { class: "brand", href: "/" }, name),
    h("nav", { class: "site-nav", "aria-label": "Pages" }, h("ul", {}, ...links)),
    slot,
    live.element,
    userMenu(me),
  );
  document.documentElement.dataset.role = me.role;
  document.title = `${document.title.replace(/ · .*$/, "")} · ${name}`;
  live.start(system);
  return { me, name, timezone: system?.timezone || browserZone(), slot, toast };
}

/** @returns {Promise<Me>} */
async function whoIsHere() {
  try {
    return await api.get("/api/me");
  } catch (error) {
    if (error instanceof ApiError && error.status !== 401) toast(error.message, { tone: "alert" });
    // Without an answer the page shows what a viewer may see; the server decides about everything anyway.
    return { name: "", role: "viewer" };
  }
}

async function systemInfo() {
  try {
    return await api.get("/api/system");
  } catch {
    // The live line says so, and tries again.
    return null;
  }
}

function browserZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
