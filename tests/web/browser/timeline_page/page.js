// @ts-check
/**
 * `?cameras=4&zone=Europe/Berlin&theme=light&latency=20`: the axis on made-up recordings, without a server.
 * Tests find it as `window.axis`, with the requests and events there were.
 */

import { HoverCard } from "/static/timeline/hover.js";
import { TimelineSource } from "/static/timeline/source.js";
import { Strip } from "/static/timeline/strip.js";
import { Timeline } from "/static/timeline/timeline.js";
import { NOW, timeline as recordings } from "/page/recordings.js";

const NAMES = [
  "Front door", "Gate", "Garage", "Back yard", "Drive", "Side path", "Hall", "Cellar", "Roof", "Workshop", "Garden",
  "Bicycles", "Lane", "Pond", "Attic", "Kitchen",
];

const wishes = new URL(location.href).searchParams;
const latencyMs = Number(wishes.get("latency") ?? 5);
const zone = wishes.get("zone") ?? "Europe/Berlin";
document.documentElement.dataset.theme = wishes.get("theme") ?? "dark";

/** @type {{path: string, aborted: boolean}[]} */
const requests = [];
/** @type {{type: string, detail: any}[]} */
const events = [];

/**
 * @param {string} path
 * @param {{signal?: AbortSignal}} [options]
 */
async function get(path, { signal } = {}) {
  const request = { path, aborted: false };
  requests.push(request);
  await new Promise((resolve) => setTimeout(resolve, latencyMs));
  if (signal?.aborted) {
    request.aborted = true;
    throw signal.reason;
  }
  const asked = new URL(path, location.href).searchParams;
  if (path.includes("/frames?")) return { keyframes: keyframes(Number(asked.get("from")), Number(asked.get("to"))) };
  if (window.axis?.broken) throw new Error("the server is away");
  const number = (/** @type {string} */ name) => Number(asked.get(name));
  return recordings((asked.get("camera_ids") ?? "").split(","), number("from"), number("to"), number("resolution"), zone);
}

/**
 * One every two seconds.
 * @param {number} from
 * @param {number} to
 */
function keyframes(from, to) {
  const first = Math.ceil(from / 2);
  return Array.from({ length: Math.floor(to / 2) - first }, (_, number) => (first + number) * 2);
}

const source = new TimelineSource({ get, timezone: zone, clock: () => NOW * 1000 + performance.now() });
const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById("axis"));
const timeline = new Timeline(canvas, source);
timeline.setCameras(NAMES.slice(0, Number(wishes.get("cameras") ?? 4)).map((name, index) => ({ id: `camera${index}`, name })));
canvas.style.height = `${Number(wishes.get("height")) || timeline.preferredHeight}px`;
timeline.setView(NOW - 3 * 3600, NOW + 900);
timeline.setCursor(NOW - 3750);
for (const type of ["seek", "activate", "hover", "view", "select", "choose"]) {
  timeline.addEventListener(type, (event) => events.push({ type, detail: /** @type {CustomEvent} */ (event).detail }));
}
const card = new HoverCard(canvas, timeline);
const strip = new Strip(/** @type {HTMLElement} */ (document.getElementById("strip")), timeline, { get });
strip.setCamera(timeline.cameras[0]);
strip.addEventListener("seek", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  events.push({ type: "strip", detail });
  timeline.setCursor(detail.time, { reveal: true });
});
window.axis = { timeline, source, card, strip, requests, events, NOW, broken: false };
