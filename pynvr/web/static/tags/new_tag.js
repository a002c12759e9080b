// @ts-check
/** A tag that is made on this page: which camera, when, and the words. */

import { api } from "../shell/api.js";
import { addForm, cameraChoice } from "../shell/add_form.js";
import { h } from "../shell/dom.js";
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
  const which = cameraChoice(cameras, camera);
  const at = timeInput("new-at", "now, 14:07:31, fri 9:00");
  const until = timeInput("new-until", "empty: a moment");
  const label = h("input", { class: "input", id: "new-label", maxlength: LONGEST_LABEL, autocomplete: "off", placeholder: "what happens here" });
  const fields = [field("Words", label), field("Camera", which), field("When", at), field("Until", until)];
  const { form, say } = addForm({ fields, submit: "Add", understood, read: () => read(true), send, close });
  return form;

  /** What was understood; null if something is wrong. @param {boolean} aloud whether that is said */
  function read(aloud) {
    const moment = parseTime(at.value.trim() || "now", timezone, now(), now());
    const end = until.value.trim() ? parseTime(until.value, timezone, moment ?? now(), now()) : null;
    const refuse = (/** @type {string} */ words, /** @type {HTMLElement} */ place) => {
      if (aloud) {
        say(words);
        place.focus();
      }
      return null;
    };
    if (aloud && !label.value.trim()) return refuse("Please fill in: Words.", label);
    if (moment === null) return refuse(`“${at.value}” can't be read as a time. Write it as 14:07:31 or yesterday 9:00.`, at);
    if (until.value.trim() && end === null) return refuse(`“${until.value}” can't be read as a time.`, until);
    if (end !== null && end <= moment) return refuse("It ends before it begins.", until);
    return { camera: which.value, label: label.value, at: moment, until: end };
  }

  function understood() {
    const given = read(false);
    if (given === null) return "";
    const words = `${formatDate(given.at, timezone)} ${formatClock(given.at, timezone)}`;
    if (given.until === null) return words;
    const sameDay = startOfDay(given.at, timezone) === startOfDay(given.until, timezone);
    return `${words} – ${sameDay ? "" : `${formatDate(given.until, timezone)} `}${formatClock(given.until, timezone)}`;
  }

  /** @param {NonNullable<ReturnType<typeof read>>} given */
  async function send(given) {
    made(await api.post("/api/1/tags", bodyOf(given)));
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
