// @ts-check
/** One tag: its picture and words, where and when, and what can be done with it. */

import { api } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { hand } from "../shell/hand.js";
import { frameAddress, planAddress, rangeAddress, scrubAddress } from "../shell/links.js";
import { sureButton } from "../shell/sure.js";
import { formatClock, formatDate, formatDuration, startOfDay } from "../shell/time.js";
import { AROUND_S, rangeOf } from "./wish.js";

/**
 * @typedef {import("./wish.js").Tag} Tag
 * @typedef {object} Context
 * @property {string} timezone
 * @property {boolean} isAdmin
 * @property {(id: string) => string} nameOf of a camera
 * @property {() => void} changed
 * @property {(error: unknown) => void} failed
 */

const WIDTH = 320;
const LONGEST_LABEL = 200;

/** @param {Tag} tag @param {Context} context */
export function row(tag, context) {
  const { isAdmin, nameOf } = context;
  const camera = nameOf(tag.camera_id);
  const clock = clockWords(tag, context.timezone);
  const words = `${tag.label}, ${camera}, ${clock}`;
  const range = tag.start === tag.end ? undefined : { from: tag.start, to: tag.end };
  const address = scrubAddress({ cameras: [tag.camera_id], time: tag.start, range });
  const title = h("p", { class: "tag-title" }, h("a", { href: address }, tag.label));
  const facts = [camera, clock, range && formatDuration(tag.end - tag.start), tag.made_by && `by ${tag.made_by}`];
  const rename = isAdmin && h("button", { class: "button compact", type: "button", "aria-label": `${words}: rename` }, "Rename");
  if (rename) rename.addEventListener("click", () => askForWords(title, tag, rename, context));
  return h(
    "article",
    { class: "tag-row panel", "data-id": tag.id },
    h("a", { class: "picture moment-picture tag-picture", href: address, tabindex: -1, "aria-label": `${words}: open this moment` }, picture(tag)),
    h("div", { class: "tag-words" }, title, h("p", { class: "muted small" }, facts.filter(Boolean).join(" · "))),
    h(
      "p",
      { class: "row tag-actions" },
      downloadButton(tag, words, context),
      rename,
      isAdmin && removal(tag, words, context),
    ),
  );
}

/** @param {Tag} tag @param {string} zone */
function clockWords({ start, end }, zone) {
  if (start === end) return formatClock(start, zone);
  const otherDay = startOfDay(start, zone) !== startOfDay(end, zone);
  return `${formatClock(start, zone)} – ${otherDay ? `${formatDate(end, zone, { year: false })} ` : ""}${formatClock(end, zone)}`;
}

/** @param {Tag} tag */
function picture(tag) {
  const image = h("img", {
    alt: "",
    loading: "lazy",
    decoding: "async",
    src: frameAddress(tag.camera_id, tag.start, { width: WIDTH }),
  });
  const place = h("span", {}, image);
  image.addEventListener("error", () => fill(place, h("span", { class: "no-picture" }, "not recorded")));
  return place;
}

/** @param {Tag} tag @param {string} words @param {Context} context */
function downloadButton(tag, words, { failed }) {
  const title = tag.start === tag.end ? `${2 * AROUND_S} s around it as MP4` : "All of it as MP4";
  const button = h("button", { class: "button compact", type: "button", title, "aria-label": `${words}: download` }, "Download");
  button.addEventListener("click", async () => {
    if (button.ariaDisabled) return;
    button.ariaDisabled = "true";
    const range = rangeOf(tag);
    try {
      // Asked first: what can't be is a word here, and no file with an error in it.
      await api.get(planAddress(tag.camera_id, range));
      hand(rangeAddress(tag.camera_id, range));
    } catch (error) {
      failed(error);
    } finally {
      button.ariaDisabled = null;
    }
  });
  return button;
}

/**
 * The words become a field where they stand.
 * @param {HTMLElement} title
 * @param {Tag} tag
 * @param {HTMLElement} back where somebody came from
 * @param {Context} context
 */
function askForWords(title, tag, back, { changed, failed }) {
  if (title.querySelector("form")) return;
  const before = [...title.childNodes];
  const input = h("input", { class: "input", value: tag.label, maxlength: LONGEST_LABEL, required: true, "aria-label": "Words" });
  const save = h("button", { class: "button compact primary", type: "submit" }, "Save");
  const form = h(
    "form",
    { class: "row editing" },
    h("span", { class: "grow" }, input),
    save,
    h("button", { class: "button compact", type: "button", onclick: end }, "Cancel"),
  );
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const label = input.value.trim();
    if (label === tag.label) return end();
    if (save.disabled || label === "") return;
    save.disabled = true;
    try {
      await api.patch(`/api/1/tags/${tag.id}`, { label });
      end();
      changed();
    } catch (error) {
      save.disabled = false;
      failed(error);
    }
  });
  fill(title, form);
  input.focus();
  input.select();

  function end() {
    title.replaceChildren(...before);
    back.focus();
  }
}

/** @param {Tag} tag @param {string} words @param {Context} context */
function removal(tag, words, { changed }) {
  return sureButton({
    label: "Delete",
    name: `${words}: delete`,
    question: "Delete this tag?",
    yes: "Delete",
    run: async () => {
      await api.delete(`/api/1/tags/${tag.id}`);
      changed();
    },
  });
}
