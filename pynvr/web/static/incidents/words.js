// @ts-check
/** How far an incident is, in words. Pure. */

import { formatClock, formatDuration, formatMoment } from "../shell/time.js";
import { counted, gapName } from "../shell/words.js";

/**
 * @typedef {object} Missing
 * @property {number} start epoch seconds
 * @property {number} end
 * @property {string} cause
 * @property {string} detail
 *
 * @typedef {object} Incident as /api/incidents has it; times in epoch seconds
 * @property {number} id
 * @property {string} camera_id
 * @property {number} incident_time
 * @property {number} start of what is wanted
 * @property {number} end
 * @property {boolean} exact
 * @property {string} codec
 * @property {string} note
 * @property {boolean} deliver
 * @property {"pending" | "extracted" | "uploading" | "waiting" | "uploaded" | "failed"} upload_status
 * @property {number} attempts
 * @property {number | null} next_try
 * @property {string} last_error
 * @property {string} created_by
 * @property {number | null} uploaded_at
 * @property {string | null} clip_url
 * @property {number | null} clip_bytes
 * @property {Missing[]} missing
 * @property {number} missing_seconds
 *
 * @typedef {import("../shell/words.js").Tone | "accent"} Tone
 */

/** The states as a person looks for them. @type {readonly {value: string, words: string}[]} */
export const STATES = [
  { value: "pending", words: "Clip isn't there yet" },
  { value: "extracted", words: "Clip ready" },
  { value: "uploading,waiting", words: "Being delivered" },
  { value: "uploaded", words: "Delivered" },
  { value: "failed", words: "Failed" },
];

/**
 * In a few words how it is, and in a sentence why or what comes next.
 * @param {Incident} incident
 * @param {{now: number, zone: string}} here
 * @returns {{state: string, tone: Tone, more: string}}
 */
export function stateOf(incident, { now, zone }) {
  const { upload_status: status, deliver, end, next_try: next, last_error: error, attempts, clip_url: clip } = incident;
  const clock = (/** @type {number} */ time) => formatMoment(time, zone, now, { seconds: true });
  const again = next === null ? "" : next > now ? `Tried again at ${clock(next)}.` : "Tried again when its turn comes.";
  const tries = attempts > 0 ? `${counted(attempts, "attempt")}.` : "";
  switch (status) {
    case "pending":
      if (end > now) return { state: "waiting for its end", tone: "accent", more: `Its last second is ${clock(end)}.` };
      return { state: "clip is being made", tone: error ? "warn" : "accent", more: joined(sentence(error), again) };
    case "extracted":
      if (!deliver) return { state: "clip ready", tone: "good", more: "" };
      return { state: "waiting for delivery", tone: "accent", more: joined("The clip is there.", sentence(error)) };
    case "uploading":
      return { state: "being delivered", tone: "accent", more: tries };
    case "waiting":
      return { state: "not delivered yet", tone: "warn", more: joined(sentence(error), tries, again) };
    case "uploaded": {
      const at = incident.uploaded_at === null ? "" : ` ${clock(incident.uploaded_at)}`;
      const gone = clip ? "" : "The clip was deleted after delivery, as is set for delivered clips.";
      return { state: `delivered${at}`, tone: "good", more: joined(attempts > 1 ? tries : "", gone) };
    }
    default:
      return { state: clip ? "refused" : "no clip", tone: "alert", more: joined(sentence(error), tries) };
  }
}

/**
 * What the clip lacks, a sentence each.
 * @param {Incident} incident
 * @param {string} zone
 */
export function missingWords({ missing }, zone) {
  return missing.map(({ start, end, cause, detail }) => {
    const why = detail ? `${gapName(cause)}, ${detail}` : gapName(cause);
    return `${formatDuration(end - start)} missing from ${formatClock(start, zone)}: ${why}`;
  });
}

/**
 * Whether there can be a picture of the moment: not where its clip lacks it, nor before the camera's oldest recording.
 * @param {Incident} incident
 * @param {number | null | undefined} first epoch seconds of the oldest recording; null: there is none, undefined: not known
 */
export function mayHavePicture({ incident_time: time, missing, clip_url: clip }, first) {
  // A camera that had nothing when the page was opened may have something by now: whoever has a clip does.
  if (first === null && !clip) return false;
  if (first && time < first) return false;
  return !missing.some(({ start, end }) => start <= time && time < end);
}

/** Whether somebody may have it tried again: it isn't done, and nobody is at it. @param {Incident} incident @param {number} now */
export function mayRetry({ upload_status: status, end, next_try: next }, now) {
  if (status === "pending") return end <= now && next !== null;
  return status === "waiting" || status === "failed";
}

/**
 * What the incident is about in one line: length, how it was cut, who wanted it.
 * @param {Incident} incident
 */
export function factsOf({ start, end, exact, codec, created_by: by, clip_bytes: bytes }, /** @type {(bytes: number) => string} */ size) {
  return [
    formatDuration(end - start),
    bytes !== null && size(bytes),
    exact && "to the frame",
    codec === "h264" && "as H.264",
    by ? `by ${by}` : "by the command line",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** With a capital and a full stop. @param {string} words */
function sentence(words) {
  if (!words) return "";
  // An address or a name with dots stays as it is.
  const text = /^[a-z]+(\s|,|$)/.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** @param {...string} parts */
const joined = (...parts) => parts.filter(Boolean).join(" ");
