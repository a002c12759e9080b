// @ts-check
/** The parts of the system page: what needs attention, disks, processes, log. */

import { h } from "../shell/dom.js";
import { scrubAddress } from "../shell/links.js";
import { formatClock, formatDuration, formatMoment } from "../shell/time.js";
import { formatBytes } from "../shell/words.js";
import { DUTIES, diskOutlook, diskUse, keptWords, processTitle, processTone } from "./words.js";

/** @typedef {{ zone: string, now: number, names: Map<string, string>, isAdmin: boolean }} Context */

/**
 * @param {ReturnType<typeof import("./words.js").attention>[number]} item
 * @param {Context} context
 */
export function attentionItem(item, { zone, now, isAdmin }) {
  const since = item.since > 0 ? `since ${formatMoment(item.since, zone, now)}` : "";
  return h(
    "li",
    { class: "note", "data-tone": "alert" },
    h("div", { class: "grow stack tight" }, h("p", {}, h("b", {}, item.title), ` ${since}`), h("p", {}, item.words), item.advice && h("p", { class: "muted" }, item.advice)),
    item.camera && h("a", { class: "button compact", href: scrubAddress({ cameras: [item.camera], time: item.since ? item.since - 10 : undefined }) }, "Where it ended"),
    item.camera && isAdmin && h("a", { class: "button compact", href: `/settings#${item.camera}` }, "Settings"),
  );
}

/** @param {import("./words.js").Disk} disk @param {Context} context */
export function diskPanel(disk, { now, names }) {
  const { words, tone } = diskOutlook(disk, now);
  const kept = Object.entries(disk.days_kept);
  const rows = kept.map(([id, days]) => {
    const said = keptWords(days);
    return h("tr", {}, h("th", { scope: "row" }, names.get(id) ?? id), h("td", { class: "number" }, said.now), h("td", { class: "number" }, said.later));
  });
  const share = disk.total > 0 ? disk.used / disk.total : 0;
  return h(
    "article",
    { class: "panel stack", "data-disk": disk.folder },
    h("div", { class: "row apart" }, h("h3", { class: "folder" }, disk.folder), h("span", { class: "badge", "data-tone": tone || undefined }, words)),
    h("progress", { class: "bar", max: 1, value: share, "data-tone": tone === "alert" || tone === "warn" ? tone : undefined, "aria-label": `${Math.round(share * 100)} % used` }),
    h("p", { class: "muted small" }, diskUse(disk)),
    kept.length > 0 &&
      h(
        "table",
        { class: "table kept-table" },
        h("caption", { class: "visually-hidden" }, "How far back each camera reaches"),
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Camera"), h("th", { scope: "col", class: "number" }, "Reaches back"), h("th", { scope: "col", class: "number" }, "Will keep"))),
        h("tbody", {}, ...rows),
      ),
  );
}

/** @param {import("./words.js").Process[]} processes @param {Context} context */
export function processTable(processes, { names }) {
  const heads = [["Process"], ["State"], ["Memory", "number"], ["Runs for", "number"], ["Restarts", "number"], ["Last word", "number"], ["Says"]];
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      { class: "table folds pairs processes" },
      h("caption", { class: "visually-hidden" }, "Processes"),
      h("thead", {}, h("tr", {}, ...heads.map(([title, kind]) => h("th", { scope: "col", class: kind }, title)))),
      h("tbody", {}, ...processes.map(row)),
    ),
  );

  /** @param {import("./words.js").Process} process */
  function row(process) {
    return h(
      "tr",
      { "data-process": process.name },
      h("th", { scope: "row", title: process.pid ? `process ${process.pid}` : undefined }, processTitle(process.name, names), h("span", { class: "duty muted small" }, DUTIES[process.kind])),
      h("td", { "data-label": "State" }, h("span", { class: "nowrap" }, h("span", { class: "dot inline", "data-tone": processTone(process.state) }), ` ${process.state}`)),
      h("td", { "data-label": "Memory", class: "number" }, process.memory > 0 ? formatBytes(process.memory) : undefined),
      h("td", { "data-label": "Runs for", class: "number" }, process.pid ? formatDuration(process.uptime) : undefined),
      h("td", { "data-label": "Restarts", class: process.restarts > 0 ? "number warn-text" : "number" }, process.restarts),
      h("td", { "data-label": "Last word", class: "number" }, process.last_beat === null ? undefined : `${formatDuration(Math.round(process.last_beat))} ago`),
      h("td", { "data-label": "Says", class: "says" }, process.detail || undefined),
    );
  }
}

/** @param {{ time: number, level: string, process: string, text: string }[]} lines oldest first @param {Context} context */
export function logList(lines, { zone, now }) {
  const items = [...lines].reverse().map(({ time, level, process, text }) =>
    h(
      "li",
      { "data-level": level },
      h("time", { class: "muted", title: formatMoment(time, zone, now, { seconds: true }) }, now - time < 43_200 ? formatClock(time, zone) : formatMoment(time, zone, now, { seconds: true })),
      h("span", { class: "level" }, level.toLowerCase()),
      h("span", { class: "muted" }, process),
      h("span", { class: "text" }, text),
    ),
  );
  return h("ol", { class: "log", tabindex: 0, "aria-label": "Technical log, newest first" }, ...items);
}
