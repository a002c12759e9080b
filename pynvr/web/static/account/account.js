// @ts-check
/** One's own password, and the browsers in which one is logged in. */

import { api } from "../shell/api.js";
import { byId, fill, h } from "../shell/dom.js";
import { checkedPassword, smallForm } from "../shell/forms.js";
import { mountShell } from "../shell/shell.js";
import { failed } from "../shell/states.js";
import { sureButton } from "../shell/sure.js";
import { formatMoment } from "../shell/time.js";
import { browserOf } from "./browser.js";

const shell = await mountShell({ page: "account" });
byId("who").textContent = `${shell.me.name}, ${shell.me.role === "admin" ? "may change everything" : "may watch and download"}`;
byId("username", HTMLInputElement).value = shell.me.name;

smallForm(byId("password", HTMLFormElement), async (value) => {
  await api.post("/api/me/password", { old: value("old"), new: checkedPassword(value("new"), value("again")) });
  shell.toast("The password is changed. All other browsers are logged out.");
  await showSessions();
});

/**
 * @typedef {object} Session an item of /api/me/sessions
 * @property {number} id
 * @property {number} made epoch seconds
 * @property {number} seen
 * @property {string} address
 * @property {string} agent
 * @property {boolean} current
 */

async function showSessions() {
  const place = byId("sessions");
  try {
    /** @type {{ sessions: Session[] }} */
    const { sessions } = await api.get("/api/me/sessions");
    const heads = ["Browser", "From", "Logged in", "Last seen"].map((title) => h("th", { scope: "col" }, title));
    const last = h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Change"));
    fill(
      place,
      h("div", { class: "table-scroll" }, h("table", { class: "table folds" }, h("caption", { class: "visually-hidden" }, "Sessions"), h("thead", {}, h("tr", {}, ...heads, last)), h("tbody", {}, ...sessions.map(row)))),
    );
  } catch (error) {
    fill(place, failed(error, () => void showSessions()));
  }
}

/** @param {Session} session */
function row(session) {
  const moment = (/** @type {number} */ t) => formatMoment(t, shell.timezone, shell.now());
  const name = browserOf(session.agent);
  const end = sureButton({
    label: "Log out",
    name: `Log out ${name}, ${session.address}`,
    question: "Log it out?",
    yes: "Log out",
    run: async () => {
      await api.delete(`/api/me/sessions/${session.id}`);
      await showSessions();
    },
  });
  return h(
    "tr",
    {},
    h("th", { scope: "row", title: session.agent }, name),
    h("td", { "data-label": "From" }, session.address),
    h("td", { "data-label": "Logged in" }, moment(session.made)),
    h("td", { "data-label": "Last seen" }, session.current ? "now" : moment(session.seen)),
    h("td", { class: "actions" }, session.current ? h("span", { class: "badge", "data-tone": "accent" }, "this one") : end),
  );
}

await showSessions();
