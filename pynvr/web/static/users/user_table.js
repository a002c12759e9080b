// @ts-check
/** The users, each with what can be changed about them. */

import { api } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { checkedPassword } from "../shell/forms.js";
import { sureButton } from "../shell/sure.js";
import { formatMoment } from "../shell/time.js";

/**
 * @typedef {object} User an item of /api/users
 * @property {string} name
 * @property {"viewer" | "admin"} role
 * @property {number} made epoch seconds
 * @property {number} password_changed
 */

/** @typedef {import("../shell/shell.js").Shell} Shell */

/**
 * @param {User[]} users
 * @param {Shell} shell
 * @param {() => Promise<void>} changed shows the list anew
 */
export function userTable(users, shell, changed) {
  const titles = ["Name", "Role", "Since", "Password since"];
  const heads = titles.map((title) => h("th", { scope: "col" }, title));
  const last = h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Change"));
  return h(
    "div",
    { class: "table-scroll" },
    h("table", { class: "table folds" }, h("caption", { class: "visually-hidden" }, "Users"), h("thead", {}, h("tr", {}, ...heads, last)), h("tbody", {}, ...users.map((user) => row(user, shell, changed)))),
  );
}

/** @param {User} user @param {Shell} shell @param {() => Promise<void>} changed */
function row(user, shell, changed) {
  const mine = user.name === shell.me.name;
  const actions = h("td", { class: "actions" });
  const moment = (/** @type {number} */ t) => formatMoment(t, shell.timezone, shell.now());
  idle();
  return h(
    "tr",
    { "data-user": user.name },
    h("th", { scope: "row" }, user.name, mine && h("span", { class: "muted" }, " (you)")),
    h("td", { "data-label": "Role" }, roleChoice(user, shell, changed)),
    h("td", { "data-label": "Since" }, moment(user.made)),
    h("td", { "data-label": "Password since" }, moment(user.password_changed)),
    actions,
  );

  function idle() {
    const set = h("button", { class: "button compact", type: "button", onclick: askPassword }, "New password");
    const remove = sureButton({
      label: "Remove",
      name: `Remove ${user.name}`,
      question: mine ? "Remove yourself?" : `Remove ${user.name}?`,
      yes: "Remove",
      run: async () => {
        await api.delete(`/api/users/${encodeURIComponent(user.name)}`);
        await changed();
      },
    });
    fill(actions, h("span", { class: "row" }, set, remove));
  }

  function askPassword() {
    const input = h("input", { class: "input new-password", type: "password", autocomplete: "new-password", maxlength: 1024, "aria-label": `New password of ${user.name}`, placeholder: "new password" });
    const mistake = h("span", { class: "mistake", role: "alert" });
    const save = h("button", { class: "button compact primary", type: "submit" }, "Set");
    const no = h("button", { class: "button compact", type: "button", onclick: idle }, "Cancel");
    const form = h("form", { class: "row", onsubmit: set, novalidate: true }, input, save, no, mistake);
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") idle();
    });
    fill(actions, form);
    input.focus();

    /** @param {Event} event */
    async function set(event) {
      event.preventDefault();
      save.disabled = true;
      try {
        await api.patch(`/api/users/${encodeURIComponent(user.name)}`, { password: checkedPassword(input.value) });
        shell.toast(`${user.name} has a new password; all their browsers are logged out.`);
        await changed();
      } catch (error) {
        mistake.textContent = error instanceof Error ? error.message : String(error);
        save.disabled = false;
      }
    }
  }
}

/** @param {User} user @param {Shell} shell @param {() => Promise<void>} changed */
function roleChoice(user, shell, changed) {
  const options = [
    { value: "viewer", title: "Viewer" },
    { value: "admin", title: "Admin" },
  ].map(({ value, title }) => h("option", { value, selected: value === user.role }, title));
  const select = h("select", { class: "input short", "aria-label": `Role of ${user.name}` }, ...options);
  select.addEventListener("change", async () => {
    select.disabled = true;
    try {
      await api.patch(`/api/users/${encodeURIComponent(user.name)}`, { role: select.value });
    } catch (error) {
      shell.toast(error instanceof Error ? error.message : String(error), { tone: "alert" });
    }
    await changed();
  });
  return select;
}
