// @ts-check
/** Disks, processes and problems in the words of a person. Pure. */

import { DAY, formatDuration } from "../shell/time.js";
import { isTroubled } from "../cameras/words.js";
import { causeWords, counted, formatBytes, formatDays, formatReach } from "../shell/words.js";

/** @typedef {import("../shell/words.js").Tone} Tone */

/** Less of a disk isn't worth a word. */
const LEAST_RESERVED = 0.005;

/**
 * @typedef {object} Disk an item of /api/system
 * @property {string} folder
 * @property {number} total bytes
 * @property {number} used
 * @property {number} free
 * @property {string[]} cameras
 * @property {number} bytes_per_day
 * @property {number | null} full_at epoch seconds; null = never, as far as can be seen
 * @property {Record<string, { now_days: number | null, forecast_days: number | null }>} days_kept
 */

/**
 * @typedef {object} Process an item of /api/system
 * @property {string} name
 * @property {string} kind
 * @property {number} pid
 * @property {string} state
 * @property {number} uptime seconds
 * @property {number} restarts
 * @property {number | null} last_beat seconds since its last word
 * @property {number} memory bytes
 * @property {string} detail
 */

/**
 * `full in 41 days`; or that it never will be, and why.
 * @param {Disk} disk
 * @param {number} now
 * @returns {{ words: string, tone: Tone }}
 */
export function diskOutlook(disk, now) {
  if (disk.full_at === null) {
    const deletes = Object.values(disk.days_kept).some(({ forecast_days }) => forecast_days !== null);
    if (deletes) return { words: "doesn't fill up: the oldest recordings give way", tone: "good" };
    return { words: disk.bytes_per_day > 0 ? "doesn't fill up within ten years" : "nothing is written to it now", tone: "" };
  }
  const days = (disk.full_at - now) / DAY;
  if (days <= 0) return { words: "full", tone: "alert" };
  const words = days < 1 ? `full in ${formatDuration(days * DAY)}` : `full in ${formatDays(days)}`;
  return { words, tone: days < 1 ? "alert" : days < 7 ? "warn" : "" };
}

/**
 * `1.2 TB of 4.0 TB used, 2.6 TB free, 0.2 TB reserved for the system; grows by 60 GB a day`.
 * @param {Disk} disk
 */
export function diskUse(disk) {
  // File systems keep some blocks for root, which PyNVR never gets.
  const reserved = disk.total - disk.used - disk.free;
  const kept = reserved > disk.total * LEAST_RESERVED ? `, ${formatBytes(reserved)} reserved for the system` : "";
  const grows = disk.bytes_per_day > 0 ? `; grows by ${formatBytes(disk.bytes_per_day)} a day` : "";
  return `${formatBytes(disk.used)} of ${formatBytes(disk.total)} used, ${formatBytes(disk.free)} free${kept}${grows}`;
}

/**
 * How far back one camera reaches, now and later.
 * @param {{ now_days: number | null, forecast_days: number | null }} days
 */
export function keptWords({ now_days, forecast_days }) {
  const now = now_days === null ? "nothing yet" : formatReach(now_days);
  return { now, later: forecast_days === null ? "everything" : formatReach(forecast_days) };
}

/**
 * The process's name as a person calls it.
 * @param {string} name
 * @param {Map<string, string>} cameras names by id
 */
export function processTitle(name, cameras) {
  const [, kind, id] = /^(recorder|live) (.*)$/.exec(name) ?? [];
  if (id !== undefined) return `${kind === "live" ? "Sub-stream" : "Recorder"} of ${cameras.get(id) ?? id}`;
  // Which one it is stands in what it says; its number tells nobody anything.
  if (name.startsWith("capture ")) return "Capture";
  return { web: "Web pages", forkserver: "Fork server" }[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
}

/** What each helper does, for those who wonder. @type {Record<string, string>} */
export const DUTIES = {
  master: "starts the others and watches them",
  forkserver: "makes new processes quickly",
  recorder: "writes down what its camera sends",
  live: "takes in the small stream while somebody looks at it",
  finisher: "makes files of what was written, with previews",
  reaper: "makes room",
  analyser: "looks for what moves, and for faces",
  searcher: "looks at recorded pictures for whoever searches",
  capturer: "keeps the brightest pictures of a stream",
  web: "shows these pages",
  notifier: "tells of alerts and trouble",
  deliverer: "cuts the clips of incidents and delivers them",
  preparation: "opens the database and looks at the disks",
};

/** @param {string} state @returns {Tone} */
export function processTone(state) {
  if (state === "running") return "good";
  return state === "can't start" || state === "killed" ? "alert" : "warn";
}

/**
 * `v1.0, running since …` without the since; for the line under the title.
 * @param {{ state: string, version: string, processes: Process[] }} system
 */
export function programWords({ state, version, processes }) {
  const memory = processes.reduce((sum, process) => sum + process.memory, 0);
  const restarts = processes.reduce((sum, process) => sum + process.restarts, 0);
  const said = [`Version ${version}`, state];
  if (memory > 0) said.push(`uses ${formatBytes(memory)} of memory now`);
  if (restarts > 0) said.push(counted(restarts, "restart"));
  return said;
}

/** What a person does about each cause. @type {Record<string, string>} */
const CAUSE_ADVICE = {
  unreachable: "Is the camera powered and on the network? Is its address still the one in Settings?",
  refused: "Check name, password and path of its address in Settings.",
  stalled: "Restart the camera if it stays so; on a poor network, try the other transport in Settings.",
  unusable: "Choose H.264 or H.265 in the camera's own settings, or record it re-encoded.",
  "disk full": "Free some room, or let PyNVR delete the oldest recordings (a reaper section in nvr.json).",
  "disk missing": "Is the disk plugged in, mounted and writable? PyNVR goes on by itself once it is back.",
  "fault in PyNVR": "It is started again by itself. The log below says what happened.",
};

/** @type {Record<string, string>} */
const PROBLEM_ADVICE = {
  configuration: "PyNVR goes on with the settings it had. Correct nvr.json; pynvr check tells all mistakes.",
  database: "Recording goes on. Is the disk of the database full or read-only? A damaged one is replaced by its newest copy by itself.",
  journal: "Is there room on the disk of the data folder?",
  status: "Is there room on the disk of the data folder?",
  "audit journal": "Is there room on the disk of the data folder?",
  "alive mark": "Is there room on the disk of the data folder?",
  processes: "They are started again by themselves; the log says why they ended.",
};

/**
 * Everything that needs a person, worst first: what it is about, what is wrong, what to do.
 * @param {{ about: string, detail: string, since: number }[]} problems
 * @param {{ id: string, name: string, status: string, detail?: string, since?: number | null }[]} cameras
 * @returns {{ title: string, words: string, advice: string, since: number, camera?: string }[]}
 */
export function attention(problems, cameras) {
  const ofProgram = problems.map(({ about, detail, since }) => ({
    title: sentence(about),
    words: detail,
    advice: PROBLEM_ADVICE[about] ?? (about.startsWith("recorder") || about in DUTIES ? PROBLEM_ADVICE.processes : ""),
    since,
  }));
  const ofCameras = cameras
    .filter((camera) => isTroubled(camera) && camera.status !== "PyNVR not running")
    .map((camera) => ({
      title: camera.name,
      words: camera.detail ? `${causeWords(camera.status)}: ${camera.detail}` : causeWords(camera.status),
      advice: CAUSE_ADVICE[camera.status] ?? "",
      since: camera.since ?? 0,
      camera: camera.id,
    }));
  // One line for all: it isn't the cameras that are in trouble.
  const stopped = cameras.some((camera) => camera.status === "PyNVR not running");
  const notRunning = { title: "PyNVR isn't running", words: "Nothing is recorded.", advice: "Start it: pynvr start.", since: 0 };
  return [...(stopped ? [notRunning] : []), ...ofProgram, ...ofCameras];
}

/** @param {string} text */
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
