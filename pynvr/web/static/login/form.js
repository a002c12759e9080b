// @ts-check
/** What the two forms in front of the login share: one wish at a time, its mistake in words, waiting when told to. */

import { ApiError } from "../shell/api.js";
import { byId } from "../shell/dom.js";

/**
 * @param {HTMLFormElement} form with #mistake, #enter and #show in it
 * @param {(value: (name: string) => string) => Promise<void>} send throws the mistake
 */
export function doorForm(form, send) {
  const mistake = byId("mistake");
  const button = byId("enter", HTMLButtonElement);
  const show = byId("show", HTMLInputElement);
  const label = button.textContent ?? "";

  show.addEventListener("change", () => {
    for (const input of form.querySelectorAll("input[autocomplete$=password]")) {
      /** @type {HTMLInputElement} */ (input).type = show.checked ? "text" : "password";
    }
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    const empty = [...form.querySelectorAll("input")].find((input) => input.required && input.value === "");
    if (empty) {
      empty.focus();
      say(`Please fill in: ${empty.labels?.[0]?.textContent ?? empty.name}.`);
      return;
    }
    say("");
    button.disabled = true;
    button.textContent = "One moment …";
    let wait = 0;
    try {
      const fields = new FormData(form);
      await send((name) => String(fields.get(name) ?? ""));
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
      wait = error instanceof ApiError && error.status === 429 ? error.retryAfter : 0;
    }
    countDown(wait);
  });
  // Until here the browser itself would have sent it, to where it leads nowhere.
  button.disabled = false;

  /** @param {string} words */
  function say(words) {
    mistake.textContent = words;
  }

  /** @param {number} seconds until the server takes another try */
  function countDown(seconds) {
    if (seconds > 0) {
      button.textContent = `Again in ${Math.ceil(seconds)} s`;
      setTimeout(() => countDown(seconds - 1), 1000);
      return;
    }
    button.disabled = false;
    button.textContent = label;
  }
}
