// @ts-check
/** Tags of people and programs: found by their words, camera and time; each leads to its moment. */

import { addPanel } from "../shell/add_panel.js";
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
const cameras = await allNamed();
let wish = readWish(location.search);
let most = PAGE;
let asked = 0;
let drawn = "";

async function show() {
  const mine = ++asked;
  byId("clear").hidden = !isFiltered();
  const period = periodOf(wish, shell.timezone, shell.now());
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
  const days = daySections(tags, {
    timeOf: ({ start }) => start,
    zone,
    now: shell.now(),
    list: (items) => h("div", { class: "tag-list" }, ...items.map((tag) => row(tag, context))),
  });
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

/** @param {() => void} close */
function makeNew(close) {
  return newTag({
    cameras,
    camera: wish.camera || (cameras[0]?.id ?? ""),
    timezone: shell.timezone,
    now: shell.now,
    made: (tag) => {
      close();
      shell.toast(`Tagged “${tag.label}”.`);
      void show();
    },
    close,
  });
}

addPanel(byId("add"), byId("new"), makeNew, "input");
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", filter);
// The fields are empty after the event only.
form.addEventListener("reset", () => setTimeout(filter));

offerCameras(inputs.camera, cameras, wish.camera);
for (const name of /** @type {const} */ (["q", "from", "to"])) inputs[name].value = wish[name];
repeat(FRESH_S, show);
