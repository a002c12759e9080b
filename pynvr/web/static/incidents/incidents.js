// @ts-check
/** Incidents: moments for which a clip is made and delivered, how far each is, and what can be done about it. */

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
import { newIncident } from "./new_incident.js";
import { row } from "./row.js";
import { queryOf, readWish, writeWish } from "./wish.js";
import { STATES, mayRetry, stateOf } from "./words.js";

/** @typedef {import("./words.js").Incident} Incident */

const PAGE = 40;
/** The server gives no more at once; a camera, a state and a time can be chosen. */
const MOST = 960;
const FRESH_S = 3;

const shell = await mountShell({ page: "incidents" });
const isAdmin = shell.me.role === "admin";
const content = byId("content");
const form = byId("filters", HTMLFormElement);
const inputs = {
  camera: byId("camera", HTMLSelectElement),
  state: byId("state", HTMLSelectElement),
  from: byId("from", HTMLInputElement),
  to: byId("to", HTMLInputElement),
};
/** What each card was made of, so that only those are made anew that have changed. @type {Map<number, string>} */
const made = new Map();
let wish = readWish(location.search);
let most = PAGE;
let asked = 0;
let structure = "";
const cameras = await allNamed();

async function show() {
  const mine = ++asked;
  byId("clear").hidden = !isFiltered();
  const period = periodOf(wish, shell.timezone, shell.now());
  let answer;
  try {
    answer = await api.get(queryOf(wish, period, most));
  } catch (error) {
    if (mine !== asked) return;
    structure = "";
    fill(content, failed(error, () => void show()));
    return;
  }
  if (mine === asked) draw(answer.incidents, answer.total);
}

/** @param {Incident[]} incidents @param {number} total */
function draw(incidents, total) {
  const zone = shell.timezone;
  const now = shell.now();
  const here = { now, zone };
  const looks = new Map(
    incidents.map((one) => [one.id, JSON.stringify([one, stateOf(one, here), mayRetry(one, now), one.incident_time > now - 1])]),
  );
  const context = {
    timezone: zone,
    now,
    isAdmin,
    nameOf: (/** @type {string} */ id) => cameras.find((camera) => camera.id === id)?.name ?? id,
    firstOf: (/** @type {string} */ id) => cameras.find((camera) => camera.id === id)?.first,
    delivers: (/** @type {string} */ id) => Boolean(cameras.find((camera) => camera.id === id)?.post_url),
    changed: () => void show(),
    failed: (/** @type {unknown} */ error) => shell.toast(error instanceof Error ? error.message : String(error), { tone: "alert" }),
  };
  const arranged = JSON.stringify([incidents.map(({ id }) => id), total, most, wish, formatDate(now, zone)]);
  const focus = keepFocus(content);
  if (arranged === structure) {
    for (const incident of incidents) {
      const card = content.querySelector(`[data-id="${incident.id}"]`);
      // What somebody is in the middle of isn't torn away: a clip that plays, a question that was asked.
      if (!card || made.get(incident.id) === looks.get(incident.id) || isBusy(card)) continue;
      made.set(incident.id, looks.get(incident.id) ?? "");
      card.replaceWith(row(incident, context));
    }
    focus();
    return;
  }
  if (structure && incidents.length > 0 && content.querySelector(".sure")) return;
  structure = arranged;
  if (incidents.length === 0) {
    fill(content, nothing());
    return;
  }
  const known = new Map([...content.querySelectorAll("[data-id]")].map((card) => [Number(/** @type {HTMLElement} */ (card).dataset["id"]), card]));
  const cardOf = (/** @type {Incident} */ incident) => {
    const card = known.get(incident.id);
    if (card && (made.get(incident.id) === looks.get(incident.id) || isBusy(card))) return card;
    made.set(incident.id, looks.get(incident.id) ?? "");
    return row(incident, context);
  };
  const days = daySections(incidents, {
    timeOf: ({ incident_time: time }) => time,
    zone,
    now,
    list: (items) => h("div", { class: "incident-list" }, ...items.map(cardOf)),
  });
  const more = total > incidents.length && most < MOST && h("button", { class: "button", type: "button", onclick: showMore }, "Show more");
  const foot = total > incidents.length ? `${counted(incidents.length, "incident")} of ${total.toLocaleString("en")}` : counted(total, "incident");
  fill(content, h("div", { class: "stack wide" }, ...days, h("p", { class: "row apart muted" }, foot, more)));
  focus();
}

/** @param {Element} card */
const isBusy = (card) => card.querySelector("video, .sure") !== null;

function nothing() {
  if (isFiltered()) {
    const clear = h("button", { class: "button", type: "button", onclick: () => form.reset() }, "Show all incidents");
    return empty("Nothing fits", "No incident of this camera and state lies in the time that is asked for.", clear);
  }
  const words = isAdmin
    ? "Choose Report one above, or Incident at a moment on the Scrub page. Programs report theirs by POST /api/incidents, scripts by pynvr incident create. Where the clips go is set for each camera."
    : "When somebody or a program reports a moment, its clip appears here.";
  const ways = isAdmin
    ? [h("a", { class: "button primary", href: "/scrub" }, "To the Scrub page"), h("a", { class: "button", href: "/settings" }, "Where clips go")]
    : [];
  return empty("No incidents yet", words, h("p", { class: "row" }, ...ways));
}

function isFiltered() {
  return Object.values(wish).some(Boolean);
}

function showMore() {
  most += PAGE;
  void show();
}

function filter() {
  wish = { camera: inputs.camera.value, state: inputs.state.value, from: inputs.from.value, to: inputs.to.value };
  most = PAGE;
  const address = writeWish(wish);
  if (address !== location.search) history.replaceState(null, "", address || location.pathname);
  void show();
}

/** @param {() => void} close */
function makeNew(close) {
  return newIncident({
    cameras,
    camera: wish.camera || (cameras[0]?.id ?? ""),
    timezone: shell.timezone,
    now: shell.now,
    made: () => {
      close();
      void show();
    },
    close,
  });
}

addPanel(byId("add"), byId("new"), makeNew, "select");
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", filter);
// The fields are empty after the event only.
form.addEventListener("reset", () => setTimeout(filter));

offerCameras(inputs.camera, cameras, wish.camera);
inputs.state.append(...STATES.map(({ value, words }) => h("option", { value }, words)));
for (const name of /** @type {const} */ (["state", "from", "to"])) inputs[name].value = wish[name];
repeat(FRESH_S, show);
