// @ts-check
/** All cameras live. Which one is large stands in the address. */

import { api } from "../shell/api.js";
import { byId, fill, h } from "../shell/dom.js";
import { icon } from "../shell/icons.js";
import { KeyDialog } from "../shell/key_dialog.js";
import { mountShell } from "../shell/shell.js";
import { empty, failed } from "../shell/states.js";
import { arrange } from "./arrange.js";
import { HELP, commandOf } from "./keys.js";
import { Tile } from "./tile.js";

const TICK_MS = 250;
const GAP = 8;
const BOXES_KEY = "pynvr.boxes";
const wall = byId("wall");
const main = byId("main");
const address = new URLSearchParams(location.search);
const shell = await mountShell({ page: "live" });
const { connection } = shell;
/** @type {Tile[]} */
let tiles = [];
const boxes = {
  shown: isChosen(),
  button: h(
    "button",
    {
      class: "button compact boxes-button",
      type: "button",
      "aria-label": "Boxes",
      title: "Boxes around what is detected (B)",
      onclick: () => showBoxes(!boxes.shown),
    },
    icon("boxes"),
    h("span", {}, "Boxes"),
  ),
};
const keyHelp = new KeyDialog("Keys", HELP);
const helpButton = h(
  "button",
  { class: "button compact plain sign help-button", type: "button", "aria-label": "Keys", title: "Keys (?)", onclick: () => keyHelp.toggle() },
  icon("help"),
);
/** @type {Set<Element>} */
const inSight = new Set();
const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) inSight.add(target);
    else inSight.delete(target);
  }
  pauseUnseen();
});

document.addEventListener("visibilitychange", pauseUnseen);
document.addEventListener("keydown", onKey);
new ResizeObserver(place).observe(main);
setInterval(() => {
  if (!document.hidden) for (const tile of tiles) tile.tick();
}, TICK_MS);
shell.alerts?.addEventListener("alert", (event) => {
  const alert = /** @type {CustomEvent<import("../shell/alerts.js").Alert>} */ (event).detail;
  tiles.find((tile) => tile.id === alert.camera)?.alerted(alert);
});
shell.slot.append(boxes.button, helpButton);
await begin();

async function begin() {
  /** @type {{ id: string, name: string, enabled: boolean }[]} */
  let cameras;
  try {
    const answer = await api.get("/api/cameras");
    cameras = (answer.cameras ?? answer).filter((/** @type {{ enabled: boolean }} */ camera) => camera.enabled);
  } catch (error) {
    fill(byId("message"), failed(error, () => void begin()));
    return;
  }
  if (cameras.length === 0) {
    const add = shell.me.role === "admin" ? [h("a", { class: "button primary", href: "/settings#new" }, "Add a camera")] : [];
    fill(byId("message"), empty("No camera to watch", "Cameras that are switched on are shown here.", ...add));
    return;
  }
  tiles = cameras.map((camera) => new Tile(camera, connection, shell));
  for (const tile of tiles) {
    tile.addEventListener("large", () => enlarge(tile.isLarge ? null : tile));
    tile.addEventListener("sound", () => listen(tile.sound ? null : tile));
    wall.append(tile.element);
    tile.start();
    sight.observe(tile.element);
  }
  showBoxes(boxes.shown);
  fill(byId("message"));
  byId("message").hidden = true;
  wall.hidden = false;
  main.dataset["state"] = "ready";
  enlarge(tiles.find((tile) => tile.id === address.get("camera")) ?? null);
  connection.open();
}

/** @param {Tile | null} chosen null: all of them */
function enlarge(chosen) {
  for (const tile of tiles) tile.setLarge(tile === chosen);
  wall.toggleAttribute("data-one", chosen !== null);
  if (chosen) address.set("camera", chosen.id);
  else address.delete("camera");
  history.replaceState(null, "", address.size ? `?${address}` : location.pathname);
  byId("spoken").textContent = chosen ? chosen.name : "All cameras";
  if (tiles.some((tile) => tile.sound && chosen && tile !== chosen)) listen(null);
  place();
  pauseUnseen();
}

/** @param {boolean} shown */
function showBoxes(shown) {
  boxes.shown = shown;
  boxes.button.setAttribute("aria-pressed", String(shown));
  for (const tile of tiles) tile.setBoxes(shown);
  try {
    localStorage.setItem(BOXES_KEY, shown ? "shown" : "hidden");
  } catch {
    // Then the choice lasts as long as the page.
  }
}

function isChosen() {
  try {
    return localStorage.getItem(BOXES_KEY) !== "hidden";
  } catch {
    return true;
  }
}

/** One camera is heard at a time. @param {Tile | null} chosen */
function listen(chosen) {
  for (const tile of tiles) tile.setSound(tile === chosen);
}

/** What nobody sees isn't sent. */
function pauseUnseen() {
  const large = tiles.find((tile) => tile.isLarge);
  for (const tile of tiles) {
    const seen = large ? tile === large : inSight.has(tile.element);
    tile.pause(document.hidden || !seen);
  }
}

function place() {
  if (tiles.length === 0) return;
  const one = tiles.some((tile) => tile.isLarge);
  const bar = Math.max(...tiles.map((tile) => tile.barHeight));
  const [wide, high] = [main.clientWidth - 2 * GAP, main.clientHeight - 2 * GAP];
  const { columns, width, fits } = arrange(one ? 1 : tiles.length, wide, high, GAP, bar);
  wall.style.setProperty("--columns", String(columns));
  wall.style.setProperty("--width", `${width}px`);
  wall.toggleAttribute("data-scrolls", !fits);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const command = commandOf(event.key);
  if (!command) return;
  const large = tiles.find((tile) => tile.isLarge);
  const focused = tiles.find((tile) => tile.element.contains(document.activeElement));
  const meant = large ?? focused;
  switch (command.do) {
    case "camera":
      if (tiles[command.number ?? 0]) enlarge(tiles[command.number ?? 0] ?? null);
      break;
    case "all":
      if (meant?.rewound.isOpen) {
        meant.rewound.close();
        break;
      }
      if (!large) return;
      enlarge(null);
      large.focus();
      break;
    case "step":
      if (large) enlarge(tiles[(tiles.indexOf(large) + (command.number ?? 0) + tiles.length) % tiles.length] ?? null);
      else (tiles[focused ? (tiles.indexOf(focused) + (command.number ?? 0) + tiles.length) % tiles.length : 0] ?? null)?.focus();
      break;
    case "sound":
      if (meant?.canSound) listen(meant.sound ? null : meant);
      break;
    case "rewind":
      meant?.rewind();
      break;
    case "pause":
      if (meant?.rewound.isOpen) meant.rewound.toggle();
      break;
    case "live":
      meant?.rewound.close();
      break;
    case "boxes":
      showBoxes(!boxes.shown);
      break;
    case "screen":
      if (document.fullscreenElement) void document.exitFullscreen();
      else void main.requestFullscreen().catch(() => undefined);
      break;
    case "help":
      keyHelp.toggle();
      break;
  }
  event.preventDefault();
}
