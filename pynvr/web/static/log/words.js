// @ts-check
/** What an entry says beside its sentence, in words. Pure. */

import { formatBytes } from "../shell/words.js";

/** @typedef {import("./wish.js").Entry} Entry */

/** What one can choose, and which sources of the server that means. @type {readonly (readonly [string, string])[]} */
export const SOURCES = [
  ["", "Everything"],
  ["web,command", "What people and programs did"],
  ["camera", "Cameras"],
  ["master", "PyNVR itself"],
  ["deliverer", "Incidents"],
  ["reaper", "Deletions"],
];

/** @type {readonly (readonly [string, string])[]} */
export const LEVELS = [
  ["", "All levels"],
  ["warning", "Warnings and errors"],
  ["error", "Errors"],
];

/** @type {Record<string, string>} */
const TONES = { info: "", warning: "warn", error: "alert" };
/** @type {Record<string, string>} */
const SPOKEN = { info: "", warning: "Warning", error: "Error" };

/** @param {Entry} entry */
export const toneOf = ({ level }) => TONES[level] ?? "";

/** For who can't see the colour. @param {Entry} entry */
export const spokenLevel = ({ level }) => SPOKEN[level] ?? "";

/** Who it was, and from where. @param {Entry} entry */
export function whoWords({ actor, address, source, detail }) {
  if (source === "camera") return "";
  const who = actor ? (detail.token ? `token ${actor}` : actor) : { web: "somebody", deliverer: "delivery", reaper: "PyNVR" }[source] ?? "PyNVR";
  if (source === "command") return `${who}, by a command on the machine`;
  return address ? `${who}, from ${address}` : who;
}

/** The entry's own words as a sentence begins. @param {Entry} entry */
export const sentenceOf = ({ text }) => text.charAt(0).toUpperCase() + text.slice(1);

/** Figures of it, each a few words. @param {Entry} entry @returns {string[]} */
export function factsOf({ action, detail }) {
  const facts = [];
  if (detail.changed && typeof detail.changed === "object") {
    for (const [key, values] of Object.entries(detail.changed)) {
      if (!Array.isArray(values) || values.includes("…")) continue;
      facts.push(`${key}: ${valueWords(values[0])} → ${valueWords(values[1])}`);
    }
  }
  if (action === "video.download" && Number.isFinite(detail.bytes)) facts.push(formatBytes(detail.bytes));
  return facts;
}

/** @param {unknown} value */
function valueWords(value) {
  if (value === null || value === undefined) return "not set";
  if (typeof value === "boolean") return value ? "on" : "off";
  return String(value);
}
