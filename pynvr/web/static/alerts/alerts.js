// @ts-check
/** What detectors saw that somebody should look at: those that nobody has seen yet, or all. */

import { kindName } from "../shell/alert_words.js";
import { api } from "../shell/api.js";
import { byDay } from "../shell/by_day.js";
import { byId, fill, h } from "../shell/dom.js";
import { keepFocus } from "../shell/keep_focus.js";
import { mountShell } from "../shell/shell.js";
import { empty, failed, loading } from "../shell/states.js";
import { formatDate } from "../shell/time.js";
import { counted } from "../shell/words.js";
import { card } from "./card.js";
import { markOf, queryOf, readWish, writeWish } from "./wish.js";

/** @typedef {import("./card.js").Alert} Alert */

const PAGE = 60;
/** The server gives no more at once; a camera and a kind can be chosen. */
const MOST = 960;
/** New ones that come together are shown together. */
const TOGETHER_MS = 500;
const KINDS = ["motion", "face"];

const shell = await mountShell({ page: "alerts" });
const isAdmin = shell.me.role === "admin";
const content = byId("content");
const form = byId("filters", HTMLFormElement);
const inputs = { camera: byId("camera", HTMLSelectElement), kind: byId("kind", HTMLSelectElement) };
const markAll = byId("mark-all", HTMLButtonElement);
/** @type {Map<string, string>} */
const names = new Map();
let wish = readWish(location.search);
let most = PAGE;
let asked = 0;
let newest = 0;
let timer = 0;

async function loadCameras() {
  try {
    const answer = await api.get("/api/cameras");
    for (const camera of answer.cameras ?? answer) names.set(camera.id, camera.name);
  } catch {
    // Their ids do as well.
  }
  offer(inputs.camera, "All cameras", [...names], wish.camera);
  offer(inputs.kind, "Everything", KINDS.map((kind) => [kind, kindName(kind)]), wish.kind);
}

/** @param {HTMLSelectElement} select @param {string} all @param {string[][]} options @param {string} chosen */
function offer(select, all, options, chosen) {
  const more = chosen && !options.some(([value]) => value === chosen) ? [[chosen, chosen]] : [];
  select.replaceChildren(h("option", { value: "" }, all), ...[...options, ...more].map(([value, words]) => h("option", { value }, words)));
  select.value = chosen;
}

async function show() {
  const mine = ++asked;
  const address = writeWish(wish);
  if (address !== location.search) history.replaceState(null, "", address || location.pathname);
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-which]"))) {
    link.setAttribute("aria-pressed", String(link.dataset.which === wish.which));
    link.setAttribute("aria-current", link.dataset.which === wish.which ? "true" : "false");
  }
  const isFiltered = Boolean(wish.camera || wish.kind);
  byId("clear").hidden = !isFiltered;
  let answer;
  try {
    answer = await api.get(queryOf(wish, most));
  } catch (error) {
    if (mine === asked) fill(content, failed(error, () => void show()));
    return;
  }
  if (mine !== asked) return;
  /** @type {Alert[]} */
  const alerts = answer.alerts;
  newest = Math.max(0, ...alerts.map(({ id }) => id));
  markAll.hidden = !alerts.some(({ viewed }) => !viewed);
  if (alerts.length === 0) {
    const state = await nothing(isFiltered);
    if (mine === asked) fill(content, state);
    return;
  }
  for (const { kind } of alerts) if (![...inputs.kind.options].some(({ value }) => value === kind)) inputs.kind.append(h("option", { value: kind }, kindName(kind)));
  const context = {
    timezone: shell.timezone,
    isAdmin,
    nameOf: (/** @type {string} */ id) => names.get(id) ?? id,
    changed: () => void show(),
    failed: (/** @type {unknown} */ error) => shell.toast(error instanceof Error ? error.message : String(error), { tone: "alert" }),
  };
  const today = formatDate(shell.now(), shell.timezone, { year: false });
  const days = byDay(alerts, ({ time }) => formatDate(time, shell.timezone, { year: false })).map(({ day, items: ofDay }) =>
    h(
      "section",
      { class: "stack" },
      h("h2", { class: "alert-day" }, day === today ? "Today" : day),
      h("div", { class: "alert-grid" }, ...ofDay.map((alert) => card(alert, context))),
    ),
  );
  const rest = answer.total - alerts.length;
  const more = most < MOST && h("button", { class: "button", type: "button", onclick: () => void showMore() }, "Show more");
  const focus = keepFocus(content);
  fill(
    content,
    h("div", { class: "stack" }, ...days, rest > 0 && h("p", { class: "row apart muted" }, `${counted(alerts.length, "alert")} of ${answer.total.toLocaleString("en")}`, more)),
  );
  focus();
}

/** @param {boolean} isFiltered */
async function nothing(isFiltered) {
  const all = h("button", { class: "button", type: "button", onclick: () => choose("all") }, "Show all alerts");
  if (isFiltered) return empty("Nothing fits", "There is no such alert of this camera and kind.", h("button", { class: "button", type: "button", onclick: () => form.reset() }, "Show all cameras and kinds"));
  if (wish.which === "new" && (await isAny())) return empty("All viewed", "Nothing new. What is seen next appears here by itself.", all);
  if (await isDetecting()) return empty("No alert yet", "When a camera sees what it is told to look for, it appears here by itself, with its picture.");
  const words = "No camera looks for anything. Motion and faces are found while PyNVR records, on this machine alone.";
  if (isAdmin) return empty("Detection is switched off", words, h("a", { class: "button primary", href: "/settings" }, "Switch it on in Settings"));
  return empty("Detection is switched off", `${words} An admin can switch it on.`);
}

async function isAny() {
  return (await api.get("/api/alerts/?limit=1").catch(() => ({ total: 0 }))).total > 0;
}

/** Whether a camera is told to look for something: its own settings say so, or those of all, and then somebody looks. */
async function isDetecting() {
  const [known, { processes = [] }] = await Promise.all([
    api.get("/api/cameras").catch(() => []),
    api.get("/api/system").catch(() => ({})),
  ]);
  /** @type {{detect?: {motion?: {enabled?: boolean}, faces?: {enabled?: boolean}}}[]} */
  const cameras = known.cameras ?? known;
  return (
    cameras.some(({ detect }) => detect?.motion?.enabled || detect?.faces?.enabled) ||
    processes.some((/** @type {{kind: string}} */ { kind }) => kind === "analyser")
  );
}

async function showMore() {
  most += PAGE;
  await show();
}

/** @param {"new" | "all"} which */
function choose(which) {
  wish = { ...wish, which };
  most = PAGE;
  fill(content, loading());
  void show();
}

function filter() {
  wish = { ...wish, camera: inputs.camera.value, kind: inputs.kind.value };
  most = PAGE;
  void show();
}

/** Soon, unless somebody is being asked something there. */
function refresh() {
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    if (content.querySelector(".sure")) refresh();
    else void show();
  }, TOGETHER_MS);
}

for (const link of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-which]")))
  link.addEventListener("click", (event) => {
    event.preventDefault();
    choose(link.dataset.which === "all" ? "all" : "new");
  });
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", filter);
// The fields are empty after the event only.
form.addEventListener("reset", () => setTimeout(filter));
markAll.addEventListener("click", async () => {
  markAll.disabled = true;
  try {
    const { changed } = await api.post("/api/alerts/viewed/", markOf(wish, newest));
    shell.toast(`${counted(changed, "alert")} marked as viewed.`);
    await show();
  } catch (error) {
    shell.toast(error instanceof Error ? error.message : String(error), { tone: "alert" });
  } finally {
    markAll.disabled = false;
  }
});
shell.alerts?.addEventListener("alert", refresh);
shell.alerts?.addEventListener("count", refresh);

await loadCameras();
await show();
