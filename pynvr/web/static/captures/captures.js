// @ts-check
/** Captures: the page comes whole from the server; this starts and stops them, and keeps those that run fresh. */

import { api } from "../shell/api.js";
import { byId } from "../shell/dom.js";
import { repeat } from "../shell/repeat.js";
import { mountShell } from "../shell/shell.js";
import { framesInWords, hasChanged } from "./standing.js";

const FRESH_S = 2;
const PAGE = "/stop";

await mountShell({ page: "captures" });
const start = byId("start", HTMLFormElement);
const mistake = /** @type {HTMLElement} */ (start.querySelector(".mistake"));

whenSent(start, async () => {
  await api.post("/start", { rtsp_url: String(new FormData(start).get("rtsp_url") ?? "").trim() });
  location.assign("/captures");
});

for (const form of runningForms()) {
  whenSent(form, async () => {
    const capture = form.dataset.capture ?? "";
    await stop(capture);
    location.assign(`${PAGE}?capture=${encodeURIComponent(capture)}`);
  });
}

if (runningForms().length) repeat(FRESH_S, refresh);

/** @returns {HTMLFormElement[]} */
function runningForms() {
  return [...document.querySelectorAll("form.running")].map((form) => /** @type {HTMLFormElement} */ (form));
}

/**
 * The answer is the page of its pictures, which is gone to by its address, so that it can be loaded again.
 * @param {string} capture
 */
async function stop(capture) {
  const response = await fetch(PAGE, {
    method: "POST",
    headers: { "X-PyNVR": "1", Accept: "application/json" },
    body: new URLSearchParams({ capture }),
  });
  if (!response.ok) {
    const found = await response.json().catch(() => null);
    throw new Error(found?.error?.message ?? "The capture couldn't be stopped.");
  }
}

/**
 * @param {HTMLFormElement} form its button can be pressed from now on: before, the browser itself would have sent it
 * @param {() => Promise<void>} work
 */
function whenSent(form, work) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    mistake.textContent = "";
    try {
      await work();
    } catch (error) {
      mistake.textContent = error instanceof Error ? error.message : String(error);
      button.disabled = false;
    }
  });
  button.disabled = false;
}

async function refresh() {
  let captures;
  try {
    ({ captures } = await api.get("/api/captures"));
  } catch {
    return; // the header's line says that the server doesn't answer
  }
  const shown = runningForms();
  if (hasChanged(shown.map((form) => form.dataset.capture ?? ""), captures)) {
    location.assign("/captures");
    return;
  }
  for (const form of shown) {
    const capture = captures.find((/** @type {{id: string}} */ one) => one.id === form.dataset.capture);
    const standing = form.querySelector("[data-standing]");
    if (capture && standing) standing.textContent = `${capture.detail}, ${framesInWords(capture.frames)}`;
  }
}
