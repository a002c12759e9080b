// @ts-check
/** From alert to alert: two buttons, there as soon as there is one, and what they look for. */

import { h } from "../shell/dom.js";
import { icon } from "../shell/icons.js";

/**
 * @typedef {{id: number, stream: string, time: number, kind: string}} Alert
 * @typedef {(path: string) => Promise<{alerts: Alert[]}>} Get
 * @typedef {{time: number, id: number}} Place an alert, or a moment between alerts
 */

/** How much of what comes before an alert is shown with it. */
export const BEFORE_ALERT_S = 2;
const ROUNDING_S = 0.01;
const PAGE = 50;

/**
 * From where to look for the next alert: from the last one for as long as what is shown belongs to it, else from what is
 * shown.
 * @param {Place | null} last
 * @param {number} moment epoch seconds
 * @param {1 | -1} direction
 * @returns {Place}
 */
export function placeOf(last, moment, direction) {
  const isThere = last && moment >= last.time - BEFORE_ALERT_S - ROUNDING_S && moment <= last.time + ROUNDING_S;
  // Of alerts at this very moment none has been passed yet.
  return isThere ? last : { time: moment, id: direction > 0 ? -Infinity : Infinity };
}

/**
 * The nearest alert of these cameras after (1) or before (-1) a place; of those of one instant one after the other.
 * @param {Get} get
 * @param {readonly string[]} cameraIds
 * @param {Place} place
 * @param {1 | -1} direction
 * @returns {Promise<Alert | null>}
 */
export async function nextAlert(get, cameraIds, place, direction) {
  const ids = cameraIds.map(encodeURIComponent).join(",");
  // What was seen in the same thousandth belongs to the question: its order is told by the ids.
  const edge = (place.time + (direction > 0 ? -0.001 : 0.001)).toFixed(6);
  const beyond = direction > 0 ? `from=${edge}&order=oldest` : `to=${edge}`;
  for (let offset = 0; ; offset += PAGE) {
    const { alerts } = await get(`/api/alerts/?camera_ids=${ids}&${beyond}&limit=${PAGE}&offset=${offset}`);
    const found = alerts.find(({ time, id }) => direction * (time - place.time || id - place.id) > 0);
    if (found || alerts.length < PAGE) return found ?? null;
  }
}

/**
 * @param {(command: "previousAlert" | "nextAlert") => void} run
 * @returns {{element: HTMLElement, show: () => void}} hidden until it is shown
 */
export function alertSteps(run) {
  const button = (/** @type {"previousAlert" | "nextAlert"} */ command, /** @type {string} */ label, /** @type {string} */ keys, /** @type {import("../shell/icons.js").IconName} */ sign) =>
    h(
      "button",
      { class: "button sign alert-step", type: "button", "aria-label": label, "aria-keyshortcuts": keys, title: `${label} (${keys})`, onclick: () => run(command) },
      icon(sign),
      // Where no pointer finds out what the sign means.
      h("span", { class: "alert-step-words" }, label),
    );
  const element = h(
    "span",
    { class: "row alert-steps", role: "group", "aria-label": "Alerts", hidden: true },
    button("previousAlert", "Previous alert", "Shift+A", "alertBack"),
    button("nextAlert", "Next alert", "A", "alertAhead"),
  );
  return { element, show: () => (element.hidden = false) };
}
