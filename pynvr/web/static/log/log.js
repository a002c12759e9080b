// @ts-check
/** The audit log: newest first, its top kept fresh, older entries on request; all or part of it as a file. */

import { api } from "../shell/api.js";
import { allNamed, offerCameras } from "../shell/camera_names.js";
import { daySections } from "../shell/day_sections.js";
import { byId, fill, h } from "../shell/dom.js";
import { keepFocus } from "../shell/keep_focus.js";
import { periodOf } from "../shell/period.js";
import { repeat } from "../shell/repeat.js";
import { mountShell } from "../shell/shell.js";
import { empty, failed } from "../shell/states.js";
import { formatDate } from "../shell/time.js";
import { counted } from "../shell/words.js";
import { row } from "./row.js";
import { joined, queryOf, readWish, writeWish } from "./wish.js";
import { LEVELS, SOURCES } from "./words.js";

/** @typedef {import("./wish.js").Entry} Entry */

const PAGE = 100;
/** More than that nobody reads on a page: there are filters, and files. */
const MOST = 2000;
const FRESH_S = 4;
/** Whoever has read on isn't to lose the place. */
const AT_TOP_PX = 160;

const shell = await mountShell({ page: "log" });
const content = byId("content");
const news = byId("news");
const form = byId("filters", HTMLFormElement);
const inputs = {
  q: byId("q", HTMLInputElement),
  source: byId("source", HTMLSelectElement),
  level: byId("level", HTMLSelectElement),
  actor: byId("actor", HTMLSelectElement),
  camera: byId("camera", HTMLSelectElement),
  from: byId("from", HTMLInputElement),
  to: byId("to", HTMLInputElement),
};
const NAMES = /** @type {(keyof typeof inputs)[]} */ (Object.keys(inputs));
const cameras = await allNamed();
let wish = readWish(location.search);
/** @type {Entry[] | null} null: nothing came yet */
let entries = null;
/** @type {string | null} where the list goes on; null: that was all */
let next = null;
/** Grows with each choice: what was asked for another one comes too late. */
let chosen = 0;
let drawn = "";

const query = () => queryOf(wish, periodOf(wish, shell.timezone, shell.now()));

/** @param {string} [cursor] */
function address(cursor) {
  const asks = new URLSearchParams(query());
  asks.set("limit", String(PAGE));
  if (cursor) asks.set("cursor", cursor);
  return `/api/logs?${asks}`;
}

async function refresh() {
  const mine = chosen;
  let answer;
  try {
    answer = await api.get(address());
  } catch (error) {
    if (mine !== chosen) return;
    drawn = "";
    fill(content, failed(error, () => void refresh()));
    return;
  }
  if (mine !== chosen) return;
  offerActors(answer.actors);
  const list = joined(entries ?? [], answer.logs, answer.next === null);
  if (entries === null || !list.meet || list.entries.length === answer.logs.length) next = answer.next;
  const many = list.entries.length - (entries?.length ?? 0);
  const isReading = entries !== null && window.scrollY > AT_TOP_PX;
  if (isReading && many > 0 && list.meet) {
    announce(many, list.entries);
    return;
  }
  entries = list.entries;
  draw();
}

/** They wait above, so that nothing moves under who reads. @param {number} many @param {Entry[]} all */
function announce(many, all) {
  const button = h("button", { class: "button primary", type: "button" }, `Show ${counted(many, "new entry", "new entries")}`);
  button.addEventListener("click", () => {
    entries = all;
    draw();
    window.scrollTo({ top: 0 });
  });
  fill(news, button);
}

async function showMore() {
  const from = next;
  if (from === null || entries === null) return;
  const mine = chosen;
  try {
    const answer = await api.get(address(from));
    // Not if the list began anew meanwhile, or somebody pressed twice.
    if (mine !== chosen || next !== from) return;
    entries = joined(entries, answer.logs, true).entries;
    next = answer.next;
    draw();
  } catch (error) {
    shell.toast(error instanceof Error ? error.message : String(error), { tone: "alert" });
  }
}

function draw() {
  const list = entries ?? [];
  fill(news);
  byId("clear").hidden = !isFiltered();
  for (const kind of ["csv", "json"]) byId(kind, HTMLAnchorElement).href = `/api/logs.${kind}${query()}`;
  const state = JSON.stringify([list.map(({ id }) => id), next, formatDate(shell.now(), shell.timezone)]);
  if (state === drawn) return;
  drawn = state;
  if (list.length === 0) {
    fill(content, nothing());
    return;
  }
  const zone = shell.timezone;
  const context = { timezone: zone, nameOf: (/** @type {string} */ id) => cameras.find((camera) => camera.id === id)?.name ?? id };
  const days = daySections(list, {
    timeOf: ({ time }) => time,
    zone,
    now: shell.now(),
    list: (items) => h("ol", { class: "log-list panel" }, ...items.map((entry) => row(entry, context))),
  });
  const focus = keepFocus(content);
  fill(content, h("div", { class: "stack wide" }, ...days, foot(list.length)));
  focus();
}

/** @param {number} many */
function foot(many) {
  const shown = counted(many, "entry", "entries");
  if (next === null) return h("p", { class: "muted" }, `${shown}; that is all.`);
  if (many >= MOST) return h("p", { class: "muted" }, `${shown}. Choose a time or words to see older ones, or take the file.`);
  return h("p", { class: "row apart muted" }, shown, h("button", { class: "button", type: "button", onclick: () => void showMore() }, "Show older"));
}

function nothing() {
  if (isFiltered()) {
    const clear = h("button", { class: "button", type: "button", onclick: () => form.reset() }, "Show all");
    return empty("Nothing fits", "No entry of this kind, time and words.", clear);
  }
  return empty("Nothing yet", "Logins, changes, downloads and what becomes of the cameras will be told here.");
}

function isFiltered() {
  return Object.values(wish).some((value) => value.trim());
}

/** @param {string[]} actors */
function offerActors(actors) {
  const known = new Set([...inputs.actor.options].map(({ value }) => value));
  const more = [...actors, ...(wish.actor ? [wish.actor] : [])].filter((name, place, all) => !known.has(name) && all.indexOf(name) === place);
  inputs.actor.append(...more.map((name) => h("option", { value: name }, name)));
  inputs.actor.value = wish.actor;
}

function filter() {
  for (const name of NAMES) wish[name] = inputs[name].value;
  entries = null;
  chosen += 1;
  const address = writeWish(wish);
  if (address !== location.search) history.replaceState(null, "", address || location.pathname);
  void refresh();
}

/** @param {HTMLSelectElement} select @param {readonly (readonly [string, string])[]} choices */
function offer(select, choices) {
  select.append(...choices.map(([value, words]) => h("option", { value }, words)));
}

offer(inputs.source, SOURCES);
offer(inputs.level, LEVELS);
offerActors([]);
offerCameras(inputs.camera, cameras, wish.camera);
for (const name of /** @type {const} */ (["q", "source", "level", "from", "to"])) inputs[name].value = wish[name];
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", filter);
// The fields are empty after the event only.
form.addEventListener("reset", () => setTimeout(filter));
repeat(FRESH_S, refresh);
