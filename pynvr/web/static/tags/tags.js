// @ts-check
/** Tags of people and programs: found by their words, camera and time; each leads to its moment. */

import { api } from "../shell/api.js";
import { byDay } from "../shell/by_day.js";
import { allNamed, offerCameras } from "../shell/camera_names.js";
import { byId, fill, h } from "../shell/dom.js";
import { keepFocus } from "../shell/keep_focus.js";
import { repeat } from "../shell/repeat.js";
import { mountShell } from "../shell/shell.js";
import { empty, failed } from "../shell/states.js";
import { addDays, formatDate, parseTime, partsOf } from "../shell/time.js";
import { counted } from "../shell/words.js";
import { newTag } from "./new_tag.js";
import { row } from "./row.js";
import { queryOf, readWish, writeWish } from "./wish.js";

/** @typedef {import("./wish.js").Tag} Tag */

const PAGE = 60;
/** The server gives no more at once; words, a camera and a time can be chosen. */
const MOST = 960;
const FRESH_S = 20;

const shell = await mountShell({ page: "tags" });
const isAdmin = shell.me.role === "admin";
const content = byId("content");
const form = byId("filters", HTMLFormElement);
const inputs = {
  q: byId("q", HTMLInputElement),
  camera: byId("camera", HTMLSelectElement),
  from: byId("from", HTMLInputElement),
  to: byId("to", HTMLInputElement),
};
const add = byId("add", HTMLButtonElement);
const panel = byId("new");
const cameras = await allNamed();
let wish = readWish(location.search);
let most = PAGE;
let asked = 0;
let drawn = "";

/** @param {string} day as a date input has it @param {number} days to add */
function dayOf(day, days) {
  const start = day ? parseTime(day, shell.timezone, shell.now()) : null;
  return start === null ? null : addDays(start, shell.timezone, days);
}

async function show() {
  const mine = ++asked;
  byId("clear").hidden = !isFiltered();
  // The day that is named last belongs to it.
  const period = { from: dayOf(wish.from, 0), to: dayOf(wish.to, 1) };
  let answer;
  try {
    answer = await api.get(queryOf(wish, period, most));
  } catch (error) {
    if (mine !== asked) return;
    drawn = "";
    fill(content, failed(error, () => void show()));
    return;
  }
  if (mine !== asked) return;
  const state = JSON.stringify([answer, wish, most, formatDate(shell.now(), shell.timezone)]);
  // What somebody is in the middle of isn't torn away.
  if (state === drawn || content.querySelector(".editing, .sure")) return;
  drawn = state;
  draw(answer.tags, answer.total);
}

/** @param {Tag[]} tags @param {number} total */
function draw(tags, total) {
  if (tags.length === 0) {
    fill(content, nothing());
    return;
  }
  const zone = shell.timezone;
  const context = {
    timezone: zone,
    isAdmin,
    nameOf: (/** @type {string} */ id) => cameras.find((camera) => camera.id === id)?.name ?? id,
    changed: () => void show(),
    failed: (/** @type {unknown} */ error) => shell.toast(error instanceof Error ? error.message : String(error), { tone: "alert" }),
  };
  const now = shell.now();
  const dayWords = (/** @type {number} */ time) => formatDate(time, zone, { year: partsOf(time, zone).year !== partsOf(now, zone).year });
  const today = dayWords(now);
  const days = byDay(tags, ({ start }) => dayWords(start)).map(({ day, items }) =>
    h(
      "section",
      { class: "stack" },
      h("h2", { class: "list-day" }, day === today ? "Today" : day),
      h("div", { class: "tag-list" }, ...items.map((tag) => row(tag, context))),
    ),
  );
  const more = total > tags.length && most < MOST && h("button", { class: "button", type: "button", onclick: showMore }, "Show more");
  const foot = total > tags.length ? `${counted(tags.length, "tag")} of ${total.toLocaleString("en")}` : counted(total, "tag");
  const focus = keepFocus(content);
  fill(content, h("div", { class: "stack wide" }, ...days, h("p", { class: "row apart muted" }, foot, more)));
  focus();
}

function nothing() {
  if (isFiltered()) {
    const clear = h("button", { class: "button", type: "button", onclick: () => form.reset() }, "Show all tags");
    return empty("Nothing fits", "No tag has these words in the time and camera that are asked for.", clear);
  }
  const here = isAdmin ? "Choose Add a tag above, or on the Scrub page Tag, at a moment or for a marked range." : "Admins put them to a moment or a range.";
  const words = `${here} Programs put theirs by the interface.`;
  return empty("No tags yet", words, h("a", { class: "button", href: "/scrub" }, "To the Scrub page"));
}

function isFiltered() {
  return Object.values(wish).some((value) => value.trim());
}

function showMore() {
  most += PAGE;
  void show();
}

function filter() {
  wish = { q: inputs.q.value, camera: inputs.camera.value, from: inputs.from.value, to: inputs.to.value };
  most = PAGE;
  const address = writeWish(wish);
  if (address !== location.search) history.replaceState(null, "", address || location.pathname);
  void show();
}

function openNew() {
  const element = newTag({
    cameras,
    camera: wish.camera || (cameras[0]?.id ?? ""),
    timezone: shell.timezone,
    now: shell.now,
    made: (tag) => {
      closeNew();
      shell.toast(`Tagged “${tag.label}”.`);
      void show();
    },
    close: closeNew,
  });
  fill(panel, element);
  panel.hidden = false;
  add.setAttribute("aria-expanded", "true");
  element.querySelector("input")?.focus();
}

function closeNew() {
  panel.hidden = true;
  fill(panel);
  add.setAttribute("aria-expanded", "false");
  add.focus();
}

add.addEventListener("click", () => (panel.hidden ? openNew() : closeNew()));
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", filter);
// The fields are empty after the event only.
form.addEventListener("reset", () => setTimeout(filter));

offerCameras(inputs.camera, cameras, wish.camera);
for (const name of /** @type {const} */ (["q", "from", "to"])) inputs[name].value = wish[name];
repeat(FRESH_S, show);
