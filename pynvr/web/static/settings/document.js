// @ts-check
/** Between a camera's document, as nvr.json has it, and what stands in the form. Pure. */

import { FIELDS, isShown } from "./fields.js";
import { headersOf, linesOf, mergedHeaders } from "./headers.js";
import { periodsOf, scheduleOf } from "./schedule.js";
import { storedZones, zonesOf } from "./zones.js";

/** @typedef {Record<string, any>} Document a camera of nvr.json. any: JSON */
/** @typedef {import("./schedule.js").Period} Period */
/** @typedef {import("./zones.js").Zone} Zone */
/** @typedef {string | boolean | Period[] | Zone[] | null} Value null: a schedule, or zones, that the form can't show */
/** @typedef {Record<string, Value>} Values by path */
/** @typedef {import("./fields.js").Field} Field */

/** @param {Document} document @param {string} path @returns {any} any: JSON */
export function at(document, path) {
  return path.split(".").reduce((value, key) => (value === null || value === undefined ? undefined : value[key]), document);
}

/**
 * What the form shows of a document.
 * @param {Document} document
 * @returns {Values}
 */
export function valuesOf(document) {
  return Object.fromEntries(FIELDS.map((field) => [field.path, shown(field, at(document, field.path))]));
}

/** @param {Field} field @param {any} value any: JSON @returns {Value} */
function shown(field, value) {
  if (field.kind === "boolean") return value ?? true;
  if (field.kind === "schedule") return periodsOf(value);
  if (field.kind === "zones") return zonesOf(value);
  if (field.kind === "headers") return linesOf(value);
  return value === undefined || value === null ? "" : String(value);
}

/**
 * The way back, as JSON; null = no entry. What is no number stays as it was typed: the server says what it expected.
 * @param {Field} field
 * @param {Value} value
 */
function stored(field, value) {
  if (field.kind === "boolean") return value;
  if (field.kind === "schedule") return isList(value) ? scheduleOf(/** @type {Period[]} */ (value)) : null;
  if (field.kind === "zones") return isList(value) ? storedZones(/** @type {Zone[]} */ (value)) : null;
  const text = String(value ?? "").trim();
  if (text === "") return null;
  if (field.kind === "headers") return headersOf(text);
  if (field.kind === "switch") return text === "true";
  if (field.kind !== "number") return text;
  const number = Number(text.replace(",", "."));
  return Number.isFinite(number) ? number : text;
}

/** @param {Value} value */
const isList = (value) => Array.isArray(value) && value.length > 0;

/** @param {Value} a @param {Value} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * What to send as PATCH: only what differs, null for what is to have no entry. Empty when nothing was changed.
 * @param {Values} before as `valuesOf` gave them
 * @param {Values} after
 * @returns {Document}
 */
export function changesOf(before, after) {
  /** @type {Document} */
  const changes = {};
  for (const field of FIELDS) {
    if (same(before[field.path], after[field.path])) continue;
    const value = stored(field, after[field.path]);
    put(changes, field.path, field.kind === "headers" ? mergedHeaders(stored(field, before[field.path]), value) : value);
  }
  return changes;
}

/**
 * The whole camera, to be added or tried out: what isn't filled in, or has no meaning with the rest, isn't in it.
 * @param {Values} values
 * @param {Document} [known] whose other keys stay
 * @returns {Document}
 */
export function documentOf(values, known = {}) {
  const document = structuredClone(known);
  for (const field of FIELDS) {
    const value = isShown(field, (path) => values[path]) ? stored(field, values[field.path]) : null;
    if (value !== null) put(document, field.path, value);
    else remove(document, field.path);
  }
  if (document.enabled === true) delete document.enabled;
  return document;
}

/**
 * Values that have no meaning any more, as a bit rate for video that is copied, lose their entry.
 * @param {Values} values
 * @returns {Values}
 */
export function withoutHidden(values) {
  return Object.fromEntries(
    FIELDS.map((field) => {
      const kept = isShown(field, (path) => values[path]) || field.kind === "schedule" || field.keeps;
      return [field.path, kept ? values[field.path] : ""];
    }),
  );
}

/** @param {Document} document @param {string} path @param {unknown} value */
function put(document, path, value) {
  const keys = path.split(".");
  const last = /** @type {string} */ (keys.pop());
  let place = document;
  for (const key of keys) place = place[key] ??= {};
  place[last] = value;
}

/** @param {Document} document @param {string} path */
function remove(document, path) {
  const keys = path.split(".");
  const last = /** @type {string} */ (keys.pop());
  const place = keys.length > 0 ? at(document, keys.join(".")) : document;
  if (!place) return;
  delete place[last];
  if (keys.length > 0 && Object.keys(place).length === 0) remove(document, keys.join("."));
}

/**
 * What nvr.json wants of a number, as it is said to who fills in a form: `A number above 0; leave it empty for no limit.`
 * @param {import("./fields.js").Field} field
 * @param {string} message such as `found "abc", expected a number above 0, up to 1e+09 (GB of 10^9 bytes), or null for none`
 */
function wordsAt(field, message) {
  const wanted = field.kind === "number" && /, expected (a (?:whole )?number .+?)(, or null for none)?$/.exec(message);
  if (!wanted) return message;
  const [, number, isOptional] = wanted;
  const plain = number.replace(/ \(.*?\)$/, "").replace(/,? up to \S+e\+\d+/, "");
  const left = field.fallback === "no limit" ? "; leave it empty for no limit" : "; or leave it empty";
  return `A${plain.slice(1)}${isOptional ? left : ""}.`;
}

/**
 * The server's mistakes by field; "" holds those of no field.
 * @param {{ key: string, message: string }[]} mistakes `key`: path within the camera, such as "record.schedule[0].from"
 * @returns {Map<string, string>}
 */
export function mistakesByField(mistakes) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const { key, message } of mistakes) {
    const field = FIELDS.find(({ path }) => key === path || key.startsWith(`${path}[`) || key.startsWith(`${path}.`));
    const place = field?.path ?? "";
    const words = field ? wordsAt(field, message) : key ? `${key}: ${message}` : message;
    found.set(place, found.has(place) ? `${found.get(place)}; ${words}` : words);
  }
  return found;
}
