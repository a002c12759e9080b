// @ts-check
/** One alert: its picture with what was seen framed, where and when, and what can be done about it. */

import { kindName } from "../shell/alert_words.js";
import { api } from "../shell/api.js";
import { h } from "../shell/dom.js";
import { frameAddress, scrubAddress } from "../shell/links.js";
import { sureButton } from "../shell/sure.js";
import { formatClock } from "../shell/time.js";

/**
 * @typedef {object} Alert as /api/alerts/ has it
 * @property {number} id
 * @property {string} stream the camera's id
 * @property {number} time epoch seconds
 * @property {string} kind
 * @property {number} confidence_score
 * @property {{x: number, y: number, width: number, height: number} | null} box
 * @property {string | null} image_path
 * @property {boolean} viewed
 */

/**
 * @typedef {object} Context
 * @property {string} timezone
 * @property {boolean} isAdmin
 * @property {(id: string) => string} nameOf of a camera
 * @property {() => void} changed
 * @property {(error: unknown) => void} failed
 */

/** The moment is shown from a little before. */
const BEFORE_S = 2;
const WIDTH = 480;
/** The page goes on to the moment after so long, whether or not the server has answered. */
const PATIENCE_MS = 800;

/** @param {Alert} alert @param {Context} context */
export function card(alert, context) {
  const { timezone, isAdmin, nameOf } = context;
  const camera = nameOf(alert.stream);
  const clock = formatClock(alert.time, timezone);
  const address = scrubAddress({ cameras: [alert.stream], time: alert.time - BEFORE_S });
  const words = `${kindName(alert.kind)} at ${camera}, ${clock}`;
  const link = h(
    "a",
    { class: "picture", href: address, "aria-label": `${words}: open this moment` },
    picture(alert),
    !alert.viewed && h("span", { class: "new-mark" }, "new"),
  );
  const element = h(
    "article",
    { class: "picture-card alert-card panel", "data-id": alert.id, "data-viewed": String(alert.viewed) },
    link,
    h(
      "div",
      { class: "alert-words" },
      h("p", {}, h("strong", {}, kindName(alert.kind)), " · ", camera),
      h("p", { class: "muted small" }, h("time", { datetime: new Date(alert.time * 1000).toISOString() }, clock), ` · ${Math.round(alert.confidence_score * 100)} % sure`),
    ),
    isAdmin && h("p", { class: "row alert-actions" }, viewedButton(alert, words, context), removal(alert, words, context)),
  );
  if (isAdmin && !alert.viewed)
    link.addEventListener("click", (event) => {
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      // Who opens it has seen it.
      const marked = api.patch(`/api/alerts/${alert.id}/`, { viewed: true }).catch(() => undefined);
      void Promise.race([marked, new Promise((done) => setTimeout(done, PATIENCE_MS))]).then(() => location.assign(address));
    });
  return element;
}

/** @param {Alert} alert */
function picture(alert) {
  const image = h("img", {
    alt: "",
    loading: "lazy",
    decoding: "async",
    src: alert.image_path ?? frameAddress(alert.stream, alert.time, { width: WIDTH }),
  });
  const place = h("span", { class: "alert-picture" }, image);
  image.addEventListener("error", () => place.replaceChildren(h("span", { class: "no-picture" }, "no picture of it is left")));
  const { box } = alert;
  if (box) {
    const frame = h("span", { class: "alert-box" });
    frame.style.insetInlineStart = `${box.x * 100}%`;
    frame.style.top = `${box.y * 100}%`;
    frame.style.width = `${box.width * 100}%`;
    frame.style.height = `${box.height * 100}%`;
    place.append(frame);
  }
  return place;
}

/** @param {Alert} alert @param {string} words @param {Context} context */
function viewedButton(alert, words, { changed, failed }) {
  const name = `${words}: mark as ${alert.viewed ? "not viewed" : "viewed"}`;
  const button = h("button", { class: "button compact", type: "button", "aria-label": name }, alert.viewed ? "Mark as new" : "Mark viewed");
  button.addEventListener("click", async () => {
    if (button.ariaDisabled) return;
    // One that is really disabled loses the focus, and with it the place in the list.
    button.ariaDisabled = "true";
    try {
      await api.patch(`/api/alerts/${alert.id}/`, { viewed: !alert.viewed });
      changed();
    } catch (error) {
      button.ariaDisabled = null;
      failed(error);
    }
  });
  return button;
}

/** @param {Alert} alert @param {string} words @param {Context} context */
function removal(alert, words, { changed }) {
  return sureButton({
    label: "Delete",
    name: `${words}: delete`,
    question: "Delete this alert?",
    yes: "Delete",
    run: async () => {
      await api.delete(`/api/alerts/${alert.id}/`);
      changed();
    },
  });
}
