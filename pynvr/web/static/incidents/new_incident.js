// @ts-check
/** An incident that is reported on this page: which camera, when, how much around it. */

import { api } from "../shell/api.js";
import { addForm, cameraChoice } from "../shell/add_form.js";
import { h } from "../shell/dom.js";
import { formatClock, formatDate, parseTime } from "../shell/time.js";
import { mistakesOf, reportOf } from "./wish.js";

const LONGEST_NOTE = 1000;

/**
 * @param {{cameras: readonly import("../shell/camera_names.js").NamedCamera[], camera: string, timezone: string,
 *   now: () => number, made: (incident: import("./words.js").Incident) => void, close: () => void}} given `camera`: the one
 *   that is chosen at first
 * @returns {HTMLElement}
 */
export function newIncident({ cameras, camera, timezone, now, made, close }) {
  const which = cameraChoice(cameras, camera);
  const at = input("new-at", "now");
  const before = input("new-before", "as for the camera", "decimal");
  const after = input("new-after", "as for the camera", "decimal");
  const note = input("new-note", "what happened, if you like");
  note.maxLength = LONGEST_NOTE;
  const checked = { at, before, after };
  const fields = [
    field("Camera", which),
    field("When", at, { hint: "as 14:07:31, or tomorrow 9:00" }),
    field("Before it", before, { unit: "seconds" }),
    field("After it", after, { unit: "seconds" }),
    field("Note", note),
  ];
  const { form } = addForm({ fields, submit: "Report", understood, read, send, close });
  // Who presses a button is told by what it does: it mustn't move away under the pointer.
  let isPressing = false;
  form.addEventListener("pointerdown", ({ target }) => {
    isPressing = target instanceof HTMLButtonElement;
  });
  form.addEventListener("click", () => {
    isPressing = false;
  });
  // Who is still typing isn't told that it is wrong; who goes on to the next field is.
  form.addEventListener("change", (event) => {
    if (isPressing) return;
    for (const [name, control] of Object.entries(checked)) if (control === event.target) mark(control, mistakes()[name]);
  });
  return form;

  function moment() {
    return parseTime(at.value.trim() || "now", timezone, now(), now());
  }

  /** @returns {Record<string, string>} by field; no mistake, no entry */
  function mistakes() {
    return mistakesOf({ at: moment(), when: at.value.trim(), before: before.value, after: after.value, now: now() });
  }

  function understood() {
    const found = mistakes();
    for (const [name, control] of Object.entries(checked)) if (!found[name]) mark(control, "");
    const time = moment();
    return time === null ? "" : `${formatDate(time, timezone)} ${formatClock(time, timezone)}${time > now() + 1 ? ": the clip waits for it." : ""}`;
  }

  function read() {
    const found = mistakes();
    for (const [name, control] of Object.entries(checked)) mark(control, found[name] ?? "");
    Object.entries(checked).find(([name]) => found[name])?.[1].focus();
    const time = moment();
    if (time === null || Object.keys(found).length > 0) return null;
    return reportOf({ camera: which.value, at: time, before: before.value, after: after.value, note: note.value });
  }

  /** @param {ReturnType<typeof reportOf>} report */
  async function send(report) {
    made(await api.post("/api/incidents", report));
  }
}

/** Say under the field what is wrong with it; "": nothing. @param {HTMLInputElement} control @param {string | undefined} words */
function mark(control, words) {
  const place = control.closest(".field")?.querySelector(".mistake");
  if (place && place.textContent !== (words ?? "")) place.textContent = words ?? "";
  control.ariaInvalid = words ? "true" : null;
}

/** @param {string} id @param {string} placeholder @param {string} [mode] */
function input(id, placeholder, mode) {
  return h("input", { class: "input", id, placeholder, inputmode: mode, autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-hint ${id}-mistake` });
}

/** @param {string} words @param {HTMLElement} control @param {{unit?: string, hint?: string}} [more] */
function field(words, control, { unit, hint } = {}) {
  const line = unit ? h("span", { class: "with-unit" }, control, h("span", { class: "muted" }, unit)) : control;
  return h(
    "div",
    { class: "field" },
    h("label", { for: control.id }, words),
    line,
    // Not in the field: where columns are narrow it would be cut off there.
    hint !== undefined && h("span", { class: "hint", id: `${control.id}-hint` }, hint),
    h("p", { class: "mistake", id: `${control.id}-mistake`, role: "alert" }),
  );
}
