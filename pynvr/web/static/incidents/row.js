// @ts-check
/** One incident: its picture, how far it is and why, and what can be done with it. */

import { api } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { frameAddress, scrubAddress } from "../shell/links.js";
import { sureButton } from "../shell/sure.js";
import { formatClock } from "../shell/time.js";
import { formatBytes } from "../shell/words.js";
import { factsOf, mayHavePicture, mayRetry, missingWords, stateOf } from "./words.js";

/**
 * @typedef {import("./words.js").Incident} Incident
 * @typedef {object} Context
 * @property {string} timezone
 * @property {number} now
 * @property {boolean} isAdmin
 * @property {(id: string) => string} nameOf of a camera
 * @property {(id: string) => number | null | undefined} firstOf the camera's oldest recording; null: none, undefined: not known
 * @property {(id: string) => boolean} delivers whether clips of this camera are sent somewhere
 * @property {() => void} changed
 * @property {(error: unknown) => void} failed
 */

const WIDTH = 480;
const BEFORE_S = 1;

/** @param {Incident} incident @param {Context} context */
export function row(incident, context) {
  const { nameOf, timezone: zone, now } = context;
  const camera = nameOf(incident.camera_id);
  const clock = formatClock(incident.incident_time, zone);
  const words = `${camera}, ${clock}`;
  const { state, tone, more } = stateOf(incident, { now, zone });
  const address = scrubAddress({
    cameras: [incident.camera_id],
    time: incident.incident_time - BEFORE_S,
    range: { from: incident.start, to: incident.end },
  });
  const missing = missingWords(incident, zone).map((line) => h("p", { class: "small warn-text" }, line));
  const player = h("div", { class: "clip", hidden: true });
  return h(
    "article",
    { class: "incident panel", "data-id": incident.id, "data-status": incident.upload_status },
    h("a", { class: "picture moment-picture incident-picture", href: address, tabindex: -1, "aria-label": `${words}: open this moment` }, picture(incident, context)),
    h(
      "div",
      { class: "incident-words" },
      h(
        "p",
        { class: "row incident-head" },
        h("a", { class: "incident-title", href: address }, h("time", { datetime: new Date(incident.incident_time * 1000).toISOString() }, clock), ` · ${camera}`),
        h("span", { class: "badge", "data-tone": tone }, state),
      ),
      incident.note && h("p", {}, incident.note),
      h("p", { class: "muted small" }, factsOf(incident, formatBytes)),
      more && h("p", { class: tone === "alert" ? "small alert-text" : "small" }, more, isGone(incident) && " ", isGone(incident) && h("a", { href: address }, "To the moment")),
      ...missing,
    ),
    actions(incident, words, player, context),
    player,
  );
}

/** @param {Incident} incident */
const isGone = ({ upload_status: status, clip_url: clip }) => status === "uploaded" && !clip;

/** @param {Incident} incident @param {Context} context */
function picture(incident, { now, firstOf }) {
  const { camera_id: camera, incident_time: time } = incident;
  const none = (/** @type {string} */ words) => h("span", { class: "no-picture" }, words);
  if (time > now - 1) return none(time > now + 5 ? "yet to come" : "just now");
  if (!mayHavePicture(incident, firstOf(camera))) return none("no picture");
  const image = h("img", { alt: "", loading: "lazy", decoding: "async", src: frameAddress(camera, time, { width: WIDTH }) });
  const place = h("span", {}, image);
  image.addEventListener("error", () => fill(place, none("no picture")));
  return place;
}

/** @param {Incident} incident @param {string} words @param {HTMLElement} player @param {Context} context */
function actions(incident, words, player, context) {
  const { clip_url: clip, upload_status: status, deliver, camera_id: camera } = incident;
  const { isAdmin, delivers, now } = context;
  const wantsDelivery = status === "extracted" && !deliver && delivers(camera);
  const again = status === "failed" && !clip ? "Try again" : status === "pending" ? "Try now" : "Deliver now";
  return h(
    "p",
    { class: "row incident-actions" },
    clip && playButton(clip, words, player),
    clip && h("a", { class: "button compact", href: `${clip}?download=1`, download: "", "aria-label": `${words}: download` }, "Download"),
    isAdmin && (wantsDelivery || mayRetry(incident, now)) && retryButton(incident, wantsDelivery ? "Deliver" : again, words, context),
    isAdmin && removal(incident, words, context),
  );
}

/** @param {string} clip @param {string} words @param {HTMLElement} player */
function playButton(clip, words, player) {
  const button = h("button", { class: "button compact", type: "button", "aria-expanded": "false", "aria-label": `${words}: play` }, "Play");
  button.addEventListener("click", () => {
    const opens = player.hidden;
    player.hidden = !opens;
    button.setAttribute("aria-expanded", String(opens));
    button.setAttribute("aria-label", `${words}: ${opens ? "close" : "play"}`);
    button.textContent = opens ? "Close" : "Play";
    if (!opens) return fill(player);
    const video = h("video", { src: clip, controls: true, autoplay: true, playsinline: true, preload: "metadata" });
    video.addEventListener("error", () => {
      const sorry = "This browser can't play the clip: it is H.265, or gone. Download it: other players can.";
      fill(player, h("p", { class: "note", "data-tone": "warn" }, sorry));
    });
    fill(player, video);
  });
  return button;
}

/** @param {Incident} incident @param {string} label @param {string} words @param {Context} context */
function retryButton({ id }, label, words, { changed, failed }) {
  const button = h("button", { class: "button compact", type: "button", "aria-label": `${words}: ${label}` }, label);
  button.addEventListener("click", async () => {
    if (button.ariaDisabled) return;
    button.ariaDisabled = "true";
    try {
      await api.post(`/api/incidents/${id}/retry`);
    } catch (error) {
      failed(error);
    }
    button.ariaDisabled = null;
    changed();
  });
  return button;
}

/** @param {Incident} incident @param {string} words @param {Context} context */
function removal({ id, deliver, upload_status: status, clip_url: clip }, words, { changed }) {
  const lost = deliver && status !== "uploaded" ? "It won't be delivered. " : clip ? "Its clip goes too. " : "";
  return sureButton({
    label: "Delete",
    name: `${words}: delete`,
    question: `${lost}The recording stays.`,
    yes: "Delete",
    run: async () => {
      await api.delete(`/api/incidents/${id}`);
      changed();
    },
  });
}
