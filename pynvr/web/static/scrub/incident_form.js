// @ts-check
/** Report the moment as an incident: one line, for the large camera or for all on the page; then how far its clip is. */

import { mistakesOf, reportOf } from "../incidents/wish.js";
import { stateOf } from "../incidents/words.js";
import { ApiError, api } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";

/**
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {import("../incidents/words.js").Incident} Incident
 */

const AGAIN_MS = 1500;
const LONGEST_NOTE = 1000;

/**
 * @param {object} given
 * @param {Camera} given.camera
 * @param {readonly Camera[]} given.cameras
 * @param {import("./incident.js").Moment} given.moment
 * @param {string} given.words the moment for people
 * @param {string} given.zone
 * @param {() => number} given.now
 * @param {() => void} given.changed
 * @param {() => void} given.close
 * @returns {{element: HTMLElement, stop: () => undefined}} `stop`: nobody looks any more
 */
export function incidentForm({ camera, cameras, moment, words, zone, now, changed, close }) {
  const which = h(
    "select",
    { class: "input", "aria-label": "Cameras" },
    h("option", { value: "one" }, camera.name),
    cameras.length > 1 && h("option", { value: "all" }, `all ${cameras.length} cameras here`),
  );
  const before = side("Seconds before it", moment.before);
  const after = side("Seconds after it", moment.after);
  const note = h("input", {
    class: "input",
    type: "text",
    maxlength: LONGEST_NOTE,
    placeholder: "what happened, if you like",
    "aria-label": "Note",
    autocomplete: "off",
  });
  const mistake = h("p", { class: "mistake", role: "alert" });
  const submit = h("button", { class: "button primary", type: "submit" }, "Report");
  const form = h(
    "form",
    { class: "answer-line incident-form", novalidate: true, onsubmit: (/** @type {Event} */ event) => void send(event) },
    h("strong", {}, "Incident"),
    h("span", { class: "nowrap" }, words),
    which,
    h("label", { class: "row" }, before, "s before"),
    h("label", { class: "row" }, after, "s after"),
    h("span", { class: "grow" }, note),
    submit,
    mistake,
  );
  let timer = 0;
  let isLeft = false;

  /** @param {Event} event */
  async function send(event) {
    event.preventDefault();
    if (submit.disabled) return;
    const found = mistakesOf({ at: moment.time, when: words, before: before.value, after: after.value, now: now() });
    mistake.textContent = found.before ?? found.after ?? found.at ?? "";
    if (mistake.textContent) return (found.before ? before : after).focus();
    submit.disabled = true;
    mistake.textContent = "";
    const wanted = which.value === "all" ? cameras : [camera];
    const given = { at: moment.time, before: before.value, after: after.value, note: note.value };
    const results = await Promise.allSettled(wanted.map((one) => api.post("/api/incidents", reportOf({ camera: one.id, ...given }))));
    const made = results.flatMap((result) => (result.status === "fulfilled" ? [/** @type {Incident} */ (result.value)] : []));
    const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    mistake.textContent = errors.map((error) => (error instanceof ApiError ? error.message : String(error)))[0] ?? "";
    submit.disabled = false;
    if (made.length === 0) return;
    changed();
    follow(made, mistake.textContent);
  }

  /** @param {Incident[]} made @param {string} also what went wrong with others */
  function follow(made, also) {
    const lines = h("span", { class: "stack tight grow", role: "status" });
    const done = h("button", { class: "button", type: "button", onclick: close }, "Done");
    fill(
      form,
      h("strong", { class: "good-text" }, "Reported"),
      lines,
      h("a", { class: "button", href: "/incidents" }, "All incidents"),
      done,
      also && h("p", { class: "mistake", role: "alert" }, also),
    );
    done.focus();
    show(made, lines);
    watch(made, lines);
  }

  /** @param {Incident[]} incidents @param {HTMLElement} lines */
  function watch(incidents, lines) {
    if (isLeft || incidents.every(isOver)) return;
    timer = window.setTimeout(async () => {
      const fresh = await Promise.all(incidents.map((one) => api.get(`/api/incidents/${one.id}`).catch(() => one)));
      if (isLeft) return;
      if (JSON.stringify(fresh) !== JSON.stringify(incidents)) changed();
      show(fresh, lines);
      watch(fresh, lines);
    }, AGAIN_MS);
  }

  /** @param {Incident[]} incidents @param {HTMLElement} lines */
  function show(incidents, lines) {
    const told = incidents.map((one) => ({ one, ...stateOf(one, { now: now(), zone }) }));
    const look = JSON.stringify(told.map(({ one, state, more }) => [state, more, one.clip_url]));
    if (lines.dataset["look"] === look) return;
    lines.dataset["look"] = look;
    fill(
      lines,
      ...told.map(({ one, state, tone, more }) =>
        h(
          "span",
          { class: "row" },
          incidents.length > 1 && h("span", {}, cameras.find(({ id }) => id === one.camera_id)?.name ?? one.camera_id),
          h("span", { class: "badge", "data-tone": tone }, state),
          more && h("span", {}, more),
          one.clip_url && h("a", { href: `${one.clip_url}?download=1`, download: "" }, "Download the clip"),
        ),
      ),
    );
  }

  return {
    element: form,
    stop: () => {
      isLeft = true;
      clearTimeout(timer);
      return undefined;
    },
  };
}

/** Whether nothing more comes of itself. @param {Incident} incident */
function isOver({ upload_status: status, deliver }) {
  return status === "uploaded" || status === "failed" || (status === "extracted" && !deliver);
}

/** @param {string} name @param {number | null} value */
function side(name, value) {
  return h("input", {
    class: "input side",
    type: "text",
    inputmode: "decimal",
    value: value ?? "",
    placeholder: "usual",
    title: `${name}; empty: as the camera has it`,
    "aria-label": name,
    autocomplete: "off",
  });
}
