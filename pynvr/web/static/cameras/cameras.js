// @ts-check
/** Every camera and how it is, fresh every few seconds. How it is shown and what is looked for stand in the address. */

import { api } from "../shell/api.js";
import { byId, fill, h } from "../shell/dom.js";
import { repeat } from "../shell/repeat.js";
import { mountShell } from "../shell/shell.js";
import { empty, failed } from "../shell/states.js";
import { Card } from "./card.js";
import { removedList } from "./removed.js";
import { cameraTable } from "./table.js";
import { summaryOf } from "./words.js";

/** @typedef {import("./words.js").Camera} Camera */

const FRESH_S = 5;
const shell = await mountShell({ page: "cameras" });
const isAdmin = shell.me.role === "admin";
const content = byId("content");
const find = byId("find", HTMLInputElement);
const views = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("button[data-view]")]);
const address = new URLSearchParams(location.search);
/** @type {Camera[] | null} */
let cameras = null;
/** @type {import("./removed.js").Removed[]} */
let removed = [];
/** @type {Map<string, Card>} */
const cards = new Map();
const grid = h("div", { class: "camera-grid" });

find.value = address.get("find") ?? "";
find.addEventListener("input", () => {
  remember("find", find.value.trim());
  show();
});
for (const button of views) {
  button.addEventListener("click", () => {
    remember("view", button.dataset.view === "table" ? "table" : "");
    show();
  });
}

const refresh = repeat(FRESH_S, async () => {
  try {
    const answer = await api.get("/api/cameras");
    cameras = answer.cameras ?? answer;
    removed = answer.removed ?? [];
    fill(byId("mistake"));
  } catch (error) {
    fill(byId("mistake"), failed(error, () => void refresh()));
    if (cameras === null) fill(content);
    return;
  }
  show();
});

/** @param {string} name @param {string} value */
function remember(name, value) {
  if (value) address.set(name, value);
  else address.delete(name);
  history.replaceState(null, "", address.size ? `?${address}` : location.pathname);
}

function show() {
  if (cameras === null) return;
  const asTable = address.get("view") === "table";
  for (const button of views) button.setAttribute("aria-pressed", String((button.dataset.view === "table") === asTable));
  byId("tools").hidden = false;
  byId("summary").textContent = cameras.length > 0 ? summaryOf(cameras) : "";
  byId("removed").hidden = removed.length === 0;
  fill(byId("removed"), removedList(removed, shell.timezone, shell.now()));
  find.hidden = cameras.length < 7 && !find.value;
  const words = find.value.trim().toLowerCase();
  const found = cameras.filter((camera) => `${camera.name} ${camera.id}`.toLowerCase().includes(words));
  if (cameras.length === 0) {
    const add = h("a", { class: "button primary", href: "/settings#new" }, "Add a camera");
    const advice = isAdmin ? "Add the first one: its address is all that is needed." : "Somebody who may change settings adds them.";
    fill(content, empty("No camera yet", advice, ...(isAdmin ? [add] : [])));
  } else if (found.length === 0) {
    fill(content, empty("No such camera", `None has “${find.value.trim()}” in its name.`));
  } else if (asTable) {
    fill(content, cameraTable(found, { zone: shell.timezone, now: shell.now(), isAdmin }));
  } else {
    showCards(found);
  }
}

/** @param {Camera[]} found */
function showCards(found) {
  const elements = found.map((camera) => {
    const card = cards.get(camera.id) ?? new Card();
    cards.set(camera.id, card);
    card.update(camera, { zone: shell.timezone, now: shell.now(), isAdmin });
    return card.element;
  });
  // Moving an element would take the focus from it.
  const same = elements.length === grid.children.length && elements.every((element, i) => grid.children[i] === element);
  if (!same) grid.replaceChildren(...elements);
  if (grid.parentElement !== content) content.replaceChildren(grid);
}
