// @ts-check
/** From alert to alert: two buttons, there as soon as there is one, and what they look for. */

import { h } from "../shell/dom.js";
import { icon } from "./icons.js";

/**
 * @typedef {{stream: string, time: number, kind: string}} Alert
 * @typedef {(path: string) => Promise<{alerts: Alert[]}>} Get
 */

/**
 * The nearest alert of these cameras after (1) or before (-1) an instant.
 * @param {Get} get
 * @param {readonly string[]} cameraIds
 * @param {number} time epoch seconds
 * @param {1 | -1} direction
 * @returns {Promise<Alert | null>}
 */
export async function nextAlert(get, cameraIds, time, direction) {
  const ids = cameraIds.map(encodeURIComponent).join(",");
  const beyond = direction > 0 ? `from=${time.toFixed(3)}&order=oldest` : `to=${time.toFixed(3)}`;
  const { alerts } = await get(`/api/alerts/?camera_ids=${ids}&${beyond}&limit=1`);
  return alerts[0] ?? null;
}

/**
 * @param {(command: "previousAlert" | "nextAlert") => void} run
 * @returns {{element: HTMLElement, show: () => void}} hidden until it is shown
 */
export function alertSteps(run) {
  const button = (/** @type {"previousAlert" | "nextAlert"} */ command, /** @type {string} */ label, /** @type {string} */ keys, /** @type {import("./icons.js").IconName} */ sign) =>
    h(
      "button",
      { class: "button sign alert-step", type: "button", "aria-label": label, "aria-keyshortcuts": keys, title: `${label} (${keys})`, onclick: () => run(command) },
      icon(sign),
    );
  const element = h(
    "span",
    { class: "row alert-steps", role: "group", "aria-label": "Alerts", hidden: true },
    button("previousAlert", "Previous alert", "Shift+A", "alertBack"),
    button("nextAlert", "Next alert", "A", "alertAhead"),
  );
  return { element, show: () => (element.hidden = false) };
}
