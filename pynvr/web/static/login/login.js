// @ts-check
/** Log in, and go on to where one wanted to. */

import { ApiError, api, placeAfterLogin } from "../shell/api.js";
import { byId } from "../shell/dom.js";
import { doorForm } from "./form.js";

const password = byId("password", HTMLInputElement);

doorForm(byId("login", HTMLFormElement), async (value) => {
  try {
    await api.post("/api/login", { name: value("name").trim(), password: value("password") });
  } catch (error) {
    password.select();
    if (error instanceof ApiError && error.status === 401) throw new Error("The name or the password is wrong.");
    throw error;
  }
  location.replace(placeAfterLogin(new URLSearchParams(location.search).get("next"), location.origin));
});
