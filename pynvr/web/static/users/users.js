// @ts-check
/** Who may log in, and which programs. */

import { api } from "../shell/api.js";
import { byId, fill, h } from "../shell/dom.js";
import { checkedName, checkedPassword, smallForm } from "../shell/forms.js";
import { mountShell } from "../shell/shell.js";
import { empty, failed } from "../shell/states.js";
import { tokenTable } from "./tokens.js";
import { userTable } from "./user_table.js";

const shell = await mountShell({ page: "users" });
const userForm = byId("add-user", HTMLFormElement);
const tokenForm = byId("add-token", HTMLFormElement);

async function showUsers() {
  const place = byId("users");
  try {
    const { users } = await api.get("/api/users");
    fill(place, userTable(users, shell, showUsers));
  } catch (error) {
    fill(place, failed(error, () => void showUsers()));
  }
}

async function showTokens() {
  const place = byId("tokens");
  try {
    const { tokens } = await api.get("/api/tokens");
    const none = empty("No token yet", "Make one for each program that talks to PyNVR, so that each can be ended alone.");
    fill(place, tokens.length > 0 ? tokenTable(tokens, shell, showTokens) : none);
  } catch (error) {
    fill(place, failed(error, () => void showTokens()));
  }
}

smallForm(userForm, async (value) => {
  const [name, password] = [checkedName(value("name")), checkedPassword(value("password"))];
  const made = await api.post("/api/users", { name, password, role: value("role") });
  shell.toast(`${made.name} may log in now.`);
  await showUsers();
});

smallForm(tokenForm, async (value) => {
  const made = await api.post("/api/tokens", { name: checkedName(value("name")), role: value("role") });
  showOnce(made);
  await showTokens();
});

/** @param {{ name: string, token: string }} made */
function showOnce({ name, token }) {
  const copy = h("button", { class: "button compact", type: "button", onclick: () => void copied() }, "Copy");
  const close = h("button", { class: "button compact plain", type: "button", onclick: () => fill(byId("new-token")) }, "Done");
  fill(
    byId("new-token"),
    h(
      "div",
      { class: "note once", "data-tone": "good" },
      h("p", {}, `The token of ${name}. It is shown this once: put it where the program finds it.`),
      h("code", {}, token),
      h("p", { class: "row" }, copy, close),
    ),
  );

  async function copied() {
    try {
      await navigator.clipboard.writeText(token);
      copy.textContent = "Copied";
    } catch {
      // Without HTTPS the browser lets no page copy; the token is selected by one click.
      copy.textContent = "Select it and copy it by hand";
      copy.disabled = true;
    }
  }
}

await Promise.all([showUsers(), showTokens()]);
