// @ts-check
/** How PyNVR itself is: what needs a person, disks, what was recorded, processes, log. */

import { api } from "../shell/api.js";
import { byId, fill, h } from "../shell/dom.js";
import { repeat } from "../shell/repeat.js";
import { mountShell } from "../shell/shell.js";
import { empty, failed } from "../shell/states.js";
import { addDays, formatMoment, startOfDay } from "../shell/time.js";
import { Calculator } from "./calculator.js";
import { coverageTable } from "./coverage_table.js";
import { RecordingSwitch } from "./recording.js";
import { targetTable } from "./notified.js";
import { attentionItem, diskPanel, logList, processTable } from "./parts.js";
import { attention, processTitle, programWords } from "./words.js";

const FRESH_S = 5;
const COVERAGE_FRESH_S = 60;
const LINES = 300;
const shell = await mountShell({ page: "system" });
const isAdmin = shell.me.role === "admin";
const zone = shell.timezone;
/** @type {Map<string, string>} */
const names = new Map();
const level = byId("level", HTMLSelectElement);
const process = byId("process", HTMLSelectElement);
const periods = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("button[data-days]")]);
let days = Number(new URLSearchParams(location.search).get("days")) || (innerWidth < 700 ? 7 : 14);

const context = () => ({ zone, now: shell.now(), names, isAdmin });

const calculator = new Calculator(byId("sizing"));
const recording = new RecordingSwitch(byId("recording"), isAdmin, () => refresh());

const refresh = repeat(FRESH_S, async () => {
  try {
    const [system, answer, { targets }] = await Promise.all([api.get("/api/system"), api.get("/api/cameras"), api.get("/api/notify")]);
    const cameras = answer.cameras ?? answer;
    for (const camera of cameras) names.set(camera.id, camera.name);
    fill(byId("mistake"));
    show(system, cameras);
    byId("notified-section").hidden = targets.length === 0;
    fill(byId("notified"), targetTable(targets, context()));
  } catch (error) {
    fill(byId("mistake"), failed(error, () => void refresh()));
    for (const id of ["disks", "sizing", "processes"]) if (byId(id).querySelector(".loading")) fill(byId(id));
  }
});

/**
 * @param {any} system any: see words.js for its parts
 * @param {any[]} cameras
 */
function show(system, cameras) {
  const since = `running since ${formatMoment(system.since, zone, shell.now())}`;
  byId("summary").textContent = programWords(system)
    .map((words) => (words === "running" ? since : words))
    .join(" · ");
  recording.show(system.recording_off ?? null, zone, shell.now());
  const items = attention(system.problems, cameras);
  byId("attention-section").hidden = items.length === 0;
  unlessUsed(byId("attention"), ...items.map((item) => attentionItem(item, context())));
  const none = empty("No disk is known yet", "It shows here as soon as something records.");
  fill(byId("disks"), ...(system.disks.length > 0 ? system.disks.map((/** @type {any} */ disk) => diskPanel(disk, context())) : [none]));
  calculator.show({ disks: system.disks, cameras });
  fill(byId("processes"), processTable(system.processes, context()));
  offerProcesses(system.processes);
}

/**
 * What a person is on with the keyboard isn't taken away.
 * @param {HTMLElement} place
 * @param {...Node} content
 */
function unlessUsed(place, ...content) {
  if (!place.contains(document.activeElement)) fill(place, ...content);
}

/** @param {{ name: string }[]} processes */
function offerProcesses(processes) {
  const wanted = ["", ...processes.map(({ name }) => name).filter((name) => name !== "forkserver")];
  if (wanted.join() === [...process.options].map(({ value }) => value).join()) return;
  const chosen = process.value;
  process.replaceChildren(...wanted.map((name) => h("option", { value: name }, name ? processTitle(name, names) : "All of PyNVR")));
  process.value = wanted.includes(chosen) ? chosen : "";
}

await refresh();
const refreshCoverage = repeat(COVERAGE_FRESH_S, async () => {
  for (const button of periods) button.setAttribute("aria-pressed", String(Number(button.dataset.days) === days));
  const place = byId("coverage");
  const now = shell.now();
  const from = addDays(startOfDay(now, zone), zone, 1 - days);
  try {
    const { cameras } = await api.get(`/api/1/coverage?by=day&from=${from}&to=${now.toFixed(3)}`);
    const none = empty("No camera yet", "Once there is one, each of its days shows here.");
    if (Object.keys(cameras).length === 0) fill(place, none);
    else {
      unlessUsed(place, coverageTable(cameras, names, zone));
      // Today is at the right end.
      const scroll = place.querySelector(".table-scroll");
      if (scroll && !place.contains(document.activeElement)) scroll.scrollLeft = scroll.scrollWidth;
    }
  } catch (error) {
    fill(place, failed(error, () => void refreshCoverage()));
  }
});

for (const button of periods) {
  button.addEventListener("click", () => {
    days = Number(button.dataset.days);
    history.replaceState(null, "", `?days=${days}`);
    void refreshCoverage();
  });
}

async function showLog() {
  const place = byId("log");
  const query = new URLSearchParams({ lines: String(LINES), level: level.value });
  if (process.value) query.set("process", process.value);
  try {
    const { lines } = await api.get(`/api/system/log?${query}`);
    fill(place, lines.length > 0 ? logList(lines, context()) : empty("Nothing to read", "The log has no such line."));
  } catch (error) {
    fill(place, failed(error, () => void showLog()));
  }
}

byId("log-filter").addEventListener("submit", (event) => {
  event.preventDefault();
  void showLog();
});
// Until here the browser itself would have sent it, and loaded the page anew.
byId("refresh-log", HTMLButtonElement).disabled = false;
byId("log-filter").addEventListener("change", () => void showLog());
if (isAdmin) await showLog();

byId("report-addresses", HTMLInputElement).addEventListener("change", ({ target }) => {
  const kept = target instanceof HTMLInputElement && target.checked ? "?keep_addresses=1" : "";
  byId("report", HTMLAnchorElement).href = `/api/system/report.zip${kept}`;
});
