// @ts-check
/** The cameras of nvr.json: a list, and the form of the one that the address names. */

import { api } from "../shell/api.js";
import { byId, fill, h } from "../shell/dom.js";
import { mountShell } from "../shell/shell.js";
import { empty, failed, loading } from "../shell/states.js";
import { stateOf } from "../cameras/words.js";
import { CameraForm } from "./camera_form.js";

const shell = await mountShell({ page: "settings" });
const list = byId("cameras");
const place = byId("form");
/** @type {any[]} any: items of /api/cameras, see cameras/words.js */
let cameras = [];
/** @type {Map<string, CameraForm>} by id, "new" for the one to be added */
const forms = new Map();

const chosen = () => decodeURIComponent(location.hash.slice(1));

async function loadList() {
  try {
    const answer = await api.get("/api/cameras");
    cameras = answer.cameras;
    fill(byId("mistake"));
  } catch (error) {
    fill(byId("mistake"), failed(error, () => void loadList().then(open)));
  }
  showList();
}

function showList() {
  byId("settings").dataset.open = chosen() ? "true" : "false";
  const items = cameras.map((camera) => {
    const { words, tone } = stateOf(camera, shell.timezone, shell.now());
    const dirty = forms.get(camera.id)?.isDirty;
    return h(
      "li",
      {},
      h(
        "a",
        { class: "camera-link", href: `#${camera.id}`, "aria-current": camera.id === chosen() ? "true" : undefined },
        h("span", { class: "dot", "data-tone": tone }),
        h("span", { class: "grow stack tight" }, h("span", { class: "name" }, camera.name), h("span", { class: "muted small" }, dirty ? "changed, not saved" : words)),
      ),
    );
  });
  fill(list, items.length > 0 ? h("ul", { class: "camera-list" }, ...items) : h("p", { class: "muted" }, "No camera yet."));
}

async function open() {
  const id = chosen();
  showList();
  if (id === "") {
    // On a wide screen there is room for the first one beside the list; an empty installation begins with adding.
    if (cameras.length === 0) location.replace("#new");
    else if (innerWidth >= 900) location.replace(`#${cameras[0].id}`);
    else fill(place);
    return;
  }
  const known = forms.get(id);
  if (known) {
    show(known);
    return;
  }
  if (id === "new") {
    show(remembered(id, new CameraForm(null, "", doings)));
    forms.get(id)?.focus();
    return;
  }
  fill(place, loading());
  try {
    let tag = "";
    const document = await api.get(`/api/cameras/${encodeURIComponent(id)}`, { seen: (headers) => (tag = headers.get("ETag") ?? "") });
    if (chosen() === id) show(remembered(id, new CameraForm(document, tag, doings)));
  } catch (error) {
    const back = h("a", { class: "button", href: "#" }, "To the list");
    const gone = empty("No such camera", `nvr.json has no camera “${id}”.`, back);
    if (chosen() === id) fill(place, cameras.some((camera) => camera.id === id) ? failed(error, () => void open()) : gone);
  }
}

/** @param {string} id @param {CameraForm} form */
function remembered(id, form) {
  forms.set(id, form);
  return form;
}

/** @param {CameraForm} form */
function show(form) {
  const back = h("a", { class: "button compact back", href: "#" }, "← All cameras");
  fill(place, back, form.element);
}

const doings = {
  saved: (/** @type {string} */ id, /** @type {string} */ words) => {
    shell.toast(words);
    forms.delete("new");
    void loadList().then(() => {
      if (chosen() !== id) location.replace(`#${id}`);
    });
  },
  removed: (/** @type {string} */ id, /** @type {string} */ words) => {
    shell.toast(words);
    forms.delete(id);
    void loadList().then(() => location.replace("#"));
  },
  changed: () => showList(),
};

addEventListener("hashchange", () => void open());
addEventListener("beforeunload", (event) => {
  if ([...forms.values()].some((form) => form.isDirty)) event.preventDefault();
});
await loadList();
await open();
