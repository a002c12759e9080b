// @ts-check
/** A tag that is made on this page: which camera, when, and the words. */

import { api } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { formatClock, formatDate, parseTime, startOfDay } from "../shell/time.js";
import { bodyOf } from "./wish.js";

const LONGEST_LABEL = 200;

/**
 * @param {{cameras: readonly import("../shell/camera_names.js").NamedCamera[], camera: string, timezone: string, now: () => number,
 *   made: (tag: import("./wish.js").Tag) => void, close: () => void}} given `camera`: the one
 *   that is chosen at first
 * @returns {HTMLElement}
 */
export function newTag({ cameras, camera, timezone, now, made, close }) {
  const which = h("select", { class: "input", id: "new-camera" }, ...cameras.map(({ id, name }) => h("option", { value: id }, name)));
  if (camera) which.value = camera;
  const at = timeInput("new-at", "now, 14:07:31, fri 9:00");
  const until = timeInput("new-until", "empty: a moment");
  const label = h("input", { class: "input", id: "new-label", maxlength: LONGEST_LABEL, autocomplete: "off", placeholder: "what happens here" });
  const told = h("p", { class: "muted", "aria-live": "polite" });
  const mistake = h("p", { class: "mistake", role: "alert" });
  const submit = h("button", { class: "button primary", type: "submit" }, "Add");
  const form = h(
    "form",
    { class: "stack", novalidate: true },
    h(
      "div",
      { class: "field-grid" },
      field("Words", label),
      field("Camera", which),
      field("When", at),
      field("Until", until),
    ),
    told,
    mistake,
    h("div", { class: "form-foot" }, submit, h("button", { class: "button", type: "button", onclick: close }, "Cancel")),
  );
  form.addEventListener("input", tell);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  tell();
  return form;

  /** What was understood; null with a mistake said. @param {boolean} aloud */
  function read(aloud) {
    const moment = parseTime(at.value.trim() || "now", timezone, now(), now());
    const end = until.value.trim() ? parseTime(until.value, timezone, moment ?? now(), now()) : null;
    const say = (/** @type {string} */ words, /** @type {HTMLElement} */ place) => {
      if (aloud) {
        mistake.textContent = words;
        place.focus();
      }
      return null;
    };
    if (aloud && !label.value.trim()) return say("Please fill in: Words.", label);
    if (moment === null) return say(`“${at.value}” can't be read as a time. Write it as 14:07:31 or yesterday 9:00.`, at);
    if (until.value.trim() && end === null) return say(`“${until.value}” can't be read as a time.`, until);
    if (end !== null && end <= moment) return say("It ends before it begins.", until);
    return { camera: which.value, label: label.value, at: moment, until: end };
  }

  function tell() {
    mistake.textContent = "";
    const given = read(false);
    if (given === null) return fill(told, "");
    const day = formatDate(given.at, timezone);
    const words = `${day} ${formatClock(given.at, timezone)}`;
    if (given.until === null) return fill(told, words);
    const sameDay = startOfDay(given.at, timezone) === startOfDay(given.until, timezone);
    fill(told, `${words} – ${sameDay ? "" : `${formatDate(given.until, timezone)} `}${formatClock(given.until, timezone)}`);
  }

  async function send() {
    const given = read(true);
    if (given === null || submit.disabled) return;
    submit.disabled = true;
    mistake.textContent = "";
    try {
      made(await api.post("/api/1/tags", bodyOf(given)));
    } catch (error) {
      mistake.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      submit.disabled = false;
    }
  }
}

/** @param {string} id @param {string} placeholder */
function timeInput(id, placeholder) {
  return h("input", { class: "input", id, placeholder, autocomplete: "off", spellcheck: "false" });
}

/** @param {string} words @param {HTMLElement} input */
function field(words, input) {
  return h("div", { class: "field" }, h("label", { for: input.id }, words), input);
}
