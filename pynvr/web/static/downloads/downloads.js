// @ts-check
/** Stored files and what is kept: one list at a time, filtered by what stands in the address. */

import { api } from "../shell/api.js";
import { byId, fill, h } from "../shell/dom.js";
import { periodOf } from "../shell/period.js";
import { mountShell } from "../shell/shell.js";
import { empty, failed, loading } from "../shell/states.js";
import { counted } from "../shell/words.js";
import { LISTS, itemOf, queryOf } from "./lists.js";
import { table } from "./rows.js";

const PAGE = 50;
/** While files are being made; nothing else changes by itself. */
const FRESH_MS = 2000;
const shell = await mountShell({ page: "downloads" });
const content = byId("content");
const form = byId("filters", HTMLFormElement);
const inputs = {
  camera: byId("camera", HTMLSelectElement),
  from: byId("from", HTMLInputElement),
  to: byId("to", HTMLInputElement),
};
/** @type {Map<string, string>} */
const names = new Map();
let list = "exports";
let shown = PAGE;
let timer = 0;
let asked = 0;

async function loadCameras() {
  try {
    const answer = await api.get("/api/cameras");
    for (const camera of answer.cameras ?? answer) names.set(camera.id, camera.name);
  } catch {
    // Their ids do as well.
  }
  const chosen = inputs.camera.value || new URLSearchParams(location.search).get("camera") || "";
  const options = [...names].map(([id, name]) => h("option", { value: id }, name));
  if (chosen && !names.has(chosen)) options.push(h("option", { value: chosen }, chosen));
  inputs.camera.replaceChildren(h("option", { value: "" }, "All cameras"), ...options);
  inputs.camera.value = chosen;
}

function readAddress() {
  const query = new URLSearchParams(location.search);
  list = query.get("list") ?? "exports";
  if (list === "tags") location.replace(`/tags${location.search.replace(/[?&]list=tags/, "").replace(/^&/, "?")}`);
  if (!(list in LISTS)) list = "exports";
  for (const [name, input] of Object.entries(inputs)) input.value = query.get(name) ?? "";
}

function writeAddress() {
  const query = new URLSearchParams();
  if (list !== "exports") query.set("list", list);
  for (const [name, input] of Object.entries(inputs)) if (input.value) query.set(name, input.value);
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
}

async function show() {
  clearTimeout(timer);
  const about = LISTS[list];
  byId("about").textContent = about.about;
  // The server keeps few stored files: they need no period.
  byId("period").hidden = list === "exports";
  for (const link of document.querySelectorAll("[data-list]")) {
    const current = /** @type {HTMLElement} */ (link).dataset.list === list;
    link.setAttribute("aria-current", current ? "true" : "false");
    link.setAttribute("aria-pressed", String(current));
  }
  const filtered = Object.values(inputs).some((input) => input.value);
  byId("clear").hidden = !filtered;
  const mine = ++asked;
  const wish = {
    camera: inputs.camera.value,
    ...periodOf({ from: inputs.from.value, to: inputs.to.value }, shell.timezone, shell.now()),
    limit: shown,
    offset: 0,
  };
  let answer;
  try {
    answer = await api.get(queryOf(list, wish));
  } catch (error) {
    if (mine === asked) fill(content, failed(error, () => void show()));
    return;
  }
  if (mine !== asked) return;
  const items = /** @type {any[]} */ (answer[list] ?? []).map(itemOf);
  const total = answer.total ?? items.length;
  if (items.length === 0) {
    const clear = h("button", { class: "button", type: "button", onclick: () => form.reset() }, "Show all");
    fill(content, filtered ? empty("Nothing fits", "No entry fits what is asked for.", clear) : empty(about.emptyTitle, about.emptyWords, h("a", { class: "button", href: "/scrub" }, "To the Scrub page")));
    return;
  }
  // A player that is open, or a question that was asked, isn't torn away by progress elsewhere.
  const busy = content.querySelector(".player-row, .sure-place .sure") !== null && content.dataset.list === list;
  const making = list === "exports" && items.some((item) => item.state && !["ready", "failed"].includes(item.state));
  if (!busy || !making) {
    const more = h("button", { class: "button", type: "button", onclick: () => void showMore() }, "Show more");
    const foot = h("p", { class: "row apart muted" }, `${counted(items.length, "entry", "entries")} of ${total}`, total > items.length && more);
    fill(content, h("div", { class: "stack" }, table(items, { list, shell, names, changed: show }), total > items.length && foot));
    content.dataset.list = list;
  }
  if (making) timer = window.setTimeout(() => void show(), FRESH_MS);
}

async function showMore() {
  shown += PAGE;
  await show();
}

function filter() {
  shown = PAGE;
  writeAddress();
  void show();
}

for (const link of document.querySelectorAll("[data-list]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    list = /** @type {HTMLElement} */ (link).dataset.list ?? "exports";
    fill(content, loading());
    filter();
  });
}
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", filter);
// The fields are empty after the event only.
form.addEventListener("reset", () => setTimeout(filter));

readAddress();
await loadCameras();
await show();
