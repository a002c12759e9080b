// @ts-check
/** What every page has around it: name, ways to the other pages, the line that says whether all is well, the user. */

import { Alerts } from "./alerts.js";
import { ApiError, api, loginAddress } from "./api.js";
import { Connection } from "./connection.js";
import { h } from "./dom.js";
import { LiveLine } from "./live_line.js";
import { siteNav } from "./site_nav.js";
import { toast } from "./toast.js";
import { userMenu } from "./user_menu.js";

export { toast } from "./toast.js";

/**
 * @typedef {object} Me what /api/me says
 * @property {string} name
 * @property {"viewer" | "admin"} role
 * @property {{ name: string, version: string }} system
 * @property {string} timezone
 * @property {number} now the server's clock, epoch seconds
 */

/**
 * @typedef {object} Shell
 * @property {Me} me
 * @property {string} name of this PyNVR
 * @property {string} timezone IANA name of the configured zone
 * @property {() => number} now epoch seconds by the server's clock: this device's may be wrong
 * @property {HTMLElement} slot in the header, for what a page wants to have there
 * @property {typeof toast} toast
 * @property {Connection} connection the page's one WebSocket
 * @property {Alerts | null} alerts null: nobody is logged in
 */

/**
 * Put the header on the page, and find out who is here and in which zone times are meant. The page's HTML has a
 * `<header class="site-header" id="site-header">`, so that nothing moves when it fills.
 * @param {{ page: string }} options the id of this page, as site_nav.js has it, or another ("account")
 * @returns {Promise<Shell>}
 */
export async function mountShell({ page }) {
  const header = document.getElementById("site-header") ?? document.body.insertBefore(h("header"), document.body.firstChild);
  header.classList.add("site-header");
  const slot = h("div", { class: "slot" });
  const live = new LiveLine();
  const me = await whoIsHere();
  const ahead = me.now - Date.now() / 1000;
  const name = me.system.name;
  const connection = new Connection(`${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws/live`);
  connection.addEventListener("ended", () => location.assign(loginAddress(location)));
  const alerts = me.name ? new Alerts(connection, { quiet: page === "alerts", timezone: me.timezone }) : null;
  header.replaceChildren(
    h("a", { class: "skip", href: "#main" }, "Skip to the content"),
    h("a", { class: "brand", href: "/" }, name),
    siteNav({ isAdmin: me.role === "admin", current: page, beside: alerts ? { alerts: alerts.element } : {} }),
    slot,
    h("div", { class: "header-end" }, live.element, alerts?.line ?? null),
    userMenu(me),
  );
  document.documentElement.dataset.role = me.role;
  document.title = `${document.title.replace(/ · .*$/, "")} · ${name}`;
  const now = () => Date.now() / 1000 + ahead;
  live.start(now);
  return { me, name, timezone: me.timezone, now, slot, toast, connection, alerts };
}

/** @returns {Promise<Me>} */
async function whoIsHere() {
  try {
    return await api.get("/api/me");
  } catch (error) {
    if (error instanceof ApiError && error.status !== 401) toast(error.message, { tone: "alert" });
    // Without an answer the page shows what a viewer may see; the server decides about everything anyway.
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
    return { name: "", role: "viewer", system: { name: "PyNVR", version: "" }, timezone, now: Date.now() / 1000 };
  }
}
