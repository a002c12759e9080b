// @ts-check
/** The rows of the two lists. */

import { api } from "../shell/api.js";
import { h } from "../shell/dom.js";
import { rangeAddress, scrubAddress } from "../shell/links.js";
import { sureButton } from "../shell/sure.js";
import { formatClock, formatDuration, formatMoment, startOfDay } from "../shell/time.js";
import { formatBytes } from "../shell/words.js";
import { LISTS } from "./lists.js";

/** @typedef {import("./lists.js").Item} Item */

/**
 * @typedef {object} Context
 * @property {string} list
 * @property {import("../shell/shell.js").Shell} shell
 * @property {Map<string, string>} names of cameras, by id
 * @property {() => Promise<void>} changed shows the list anew
 */

/** @type {Record<string, string[]>} */
const TITLES = {
  exports: ["Camera", "When", "Length", "Size"],
  keeps: ["Camera", "When", "Length", "Why", "By"],
};

/** @param {Item[]} items @param {Context} context */
export function table(items, context) {
  const heads = TITLES[context.list].map((title) => h("th", { scope: "col" }, title));
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      { class: "table folds" },
      h("caption", { class: "visually-hidden" }, LISTS[context.list].about),
      h("thead", {}, h("tr", {}, ...heads, h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Do")))),
      h("tbody", {}, ...items.map((item) => row(item, context))),
    ),
  );
}

/** @param {Item} item @param {Context} context */
function row(item, context) {
  const camera = context.names.get(item.camera_id) ?? item.camera_id;
  const when = momentLink(item, context);
  const length = cell("Length", formatDuration(item.to - item.from));
  const cells = {
    exports: () => [head(camera), cell("When", when), length, cell("Size", size(item))],
    keeps: () => [head(camera), cell("When", when), length, cell("Why", item.words || undefined), cell("By", item.made_by || undefined)],
  }[context.list];
  return h("tr", { "data-id": item.id }, ...(cells?.() ?? []), h("td", { class: "actions" }, actions(item, context)));
}

/** @param {string} words */
const head = (words) => h("th", { scope: "row" }, words);

/** @param {string} title @param {Node | string | undefined} content */
const cell = (title, content) => h("td", { "data-label": title }, content);

/**
 * The period, as a way to the scrub page with the range marked.
 * @param {Item} item
 * @param {Context} context
 */
function momentLink(item, { shell }) {
  const zone = shell.timezone;
  const from = formatMoment(item.from, zone, shell.now(), { seconds: true });
  const sameDay = startOfDay(item.from, zone) === startOfDay(item.to, zone);
  const to = sameDay ? formatClock(item.to, zone) : formatMoment(item.to, zone, shell.now(), { seconds: true });
  const range = { from: item.from, to: item.to };
  return h("a", { href: scrubAddress({ cameras: [item.camera_id], time: item.from, range }) }, `${from} – ${to}`);
}

/** @param {Item} item */
function size(item) {
  if (item.state === "failed") return h("span", { class: "alert-text" }, item.detail || "failed");
  if (item.state === undefined || item.state === "ready") return formatBytes(item.bytes ?? 0);
  const share = item.progress ?? 0;
  return h(
    "span",
    { class: "progress-cell" },
    h("progress", { class: "bar", max: 1, value: share, "aria-label": "Progress" }),
    h("span", { class: "nowrap" }, `${Math.floor(share * 100)} %`),
  );
}

/** @param {Item} item @param {Context} context */
function actions(item, context) {
  const { list, shell, changed } = context;
  const isAdmin = shell.me.role === "admin";
  const ready = list !== "exports" || item.state === undefined || item.state === "ready";
  const address = list === "exports" ? item.url : rangeAddress(item.camera_id, item);
  const play = h("button", { class: "button compact", type: "button", "aria-expanded": "false" }, "Play");
  play.addEventListener("click", () => togglePlayer(play, address ?? ""));
  return h(
    "span",
    { class: "row" },
    ready && address && list === "exports" && play,
    ready && address && h("a", { class: "button compact", href: address, download: "" }, "Download"),
    isAdmin && removal(item, list, changed),
  );
}

/** @param {Item} item @param {string} list @param {() => Promise<void>} changed */
function removal(item, list, changed) {
  const running = list === "exports" && !["ready", "failed", undefined].includes(item.state);
  const asked = {
    exports: running
      ? { label: "Cancel", question: "Stop making it?", yes: "Stop" }
      : { label: "Delete", question: "Delete this file? The recording stays.", yes: "Delete" },
    keeps: { label: "Let go", question: "It may be deleted when room is needed.", yes: "Let go" },
  }[list] ?? { label: "Delete", question: "Delete?", yes: "Delete" };
  return sureButton({
    ...asked,
    run: async () => {
      await api.delete(`${LISTS[list].path}/${encodeURIComponent(item.id)}`);
      await changed();
    },
  });
}

/**
 * A player in a row of its own under the file's.
 * @param {HTMLButtonElement} button
 * @param {string} address
 */
function togglePlayer(button, address) {
  const line = /** @type {HTMLTableRowElement} */ (button.closest("tr"));
  const open = line.nextElementSibling?.classList.contains("player-row");
  if (open) {
    line.nextElementSibling?.remove();
  } else {
    const video = h("video", { src: address, controls: true, autoplay: true, playsinline: true, preload: "metadata" });
    const place = h("td", { colspan: line.cells.length }, video);
    video.addEventListener("error", () => {
      const sorry = "This browser can't play the camera's video. Download it: other players can.";
      place.replaceChildren(h("p", { class: "note", "data-tone": "warn" }, sorry));
    });
    line.after(h("tr", { class: "player-row" }, place));
  }
  button.setAttribute("aria-expanded", String(!open));
  button.textContent = open ? "Play" : "Close";
}
