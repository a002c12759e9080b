// @ts-check
/** Make the first user, with the code that only who reads the machine's log knows. */

import { api } from "../shell/api.js";
import { byId } from "../shell/dom.js";
import { checkedName, checkedPassword } from "../shell/forms.js";
import { doorForm } from "./form.js";

const code = byId("code", HTMLInputElement);
const given = new URLSearchParams(location.search).get("code");

if (given) {
  code.value = given;
  byId("code-field").hidden = true;
  // The code has no business in the history, nor in the address that a person may show around.
  history.replaceState(null, "", location.pathname);
}
(given ? byId("password") : code).focus();

doorForm(byId("setup", HTMLFormElement), async (value) => {
  const password = checkedPassword(value("password"), value("again"));
  const name = checkedName(value("name"));
  try {
    await api.post("/api/setup", { code: value("code").trim(), name, password });
  } catch (error) {
    // The code may be what's wrong with it.
    byId("code-field").hidden = false;
    throw error;
  }
  location.replace("/");
});
