// @ts-check
/** The scrub page: finds out what there is to see, and says so while there is nothing. */

import { api } from "../shell/api.js";
import { byId, fill, h } from "../shell/dom.js";
import { mountShell } from "../shell/shell.js";
import { empty, failed, loading } from "../shell/states.js";
import { MOST_CAMERAS, readSight } from "./address.js";
import { allCameras, extentOf } from "./catalogue.js";
import { ScrubView } from "./view.js";

/** At first so many cameras are shown; more where the address says so. */
const USUAL_CAMERAS = 4;
const AGAIN_MS = 2000;

const shell = await mountShell({ page: "scrub" });
const main = byId("main");
const message = byId("message");
let timer = 0;

/** @param {"loading" | "empty" | "failed" | "ready"} state @param {HTMLElement} [content] */
function show(state, content) {
  main.dataset["state"] = state;
  message.hidden = state === "ready";
  byId("stage").hidden = byId("deck").hidden = state !== "ready";
  fill(message, content);
}

async function start() {
  clearTimeout(timer);
  try {
    const cameras = await allCameras();
    if (cameras.length === 0) {
      show("empty", noCameras());
      timer = window.setTimeout(() => void start(), AGAIN_MS * 5);
      return;
    }
    const sight = readSight(location.search);
    const known = new Set(cameras.map(({ id }) => id));
    let shown = sight.cameras.filter((id) => known.has(id));
    if (shown.length === 0) shown = cameras.slice(0, USUAL_CAMERAS).map(({ id }) => id);
    if (!known.has(sight.main)) sight.main = "";
    if (sight.main && !shown.includes(sight.main)) shown = [...shown.slice(0, MOST_CAMERAS - 1), sight.main];
    const extents = new Map(
      await Promise.all(shown.map(async (id) => /** @type {const} */ ([id, await extentOf(id)]))),
    );
    if (sight.time === null && [...extents.values()].every(({ first }) => first === null)) {
      await nothingYet();
      return;
    }
    show("ready");
    const view = new ScrubView(shell, cameras);
    view.open({ ...sight, cameras: shown }, extents);
    Object.assign(window, { scrub: view });
  } catch (error) {
    show(
      "failed",
      failed(error, () => void restart()),
    );
    timer = window.setTimeout(() => void start(), AGAIN_MS * 2);
  }
}

async function restart() {
  show("loading", loading("Asking again …"));
  await start();
}

function noCameras() {
  const add = h("a", { class: "button primary admin-only", href: "/settings#new" }, "Add a camera");
  return empty(
    "No camera yet",
    "PyNVR records every camera it is given. Add the first one, and its pictures appear here.",
    add,
  );
}

/** Cameras are there, recordings aren't: says when the first will be, and looks again. */
async function nothingYet() {
  const [{ cameras }, { state }] = await Promise.all([
    api.get("/api/1/system.json").catch(() => ({ cameras: {} })),
    api.get("/api/system").catch(() => ({ state: "stopped" })),
  ]);
  const recording = Object.values(cameras).filter(Boolean).length;
  if (recording > 0) {
    show(
      "empty",
      empty("Nothing recorded yet", "The first minute is being recorded. Its pictures appear here in a moment, by themselves."),
    );
  } else {
    const runs = state === "running" || state === "starting";
    const words =
      state === "starting"
        ? "PyNVR is starting."
        : runs
          ? "PyNVR is trying to reach the cameras. The page Cameras says how each of them is."
          : "PyNVR isn't recording. Start it, or look at the page System for what is wrong.";
    show(
      "empty",
      empty(
        "Nothing recorded yet",
        words,
        h(
          "a",
          { class: "button", href: runs ? "/cameras" : "/system" },
          runs ? "Cameras" : "System",
        ),
      ),
    );
  }
  timer = window.setTimeout(() => void start(), AGAIN_MS);
}

await start();
