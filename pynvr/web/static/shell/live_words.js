// @ts-check
/** How the whole program stands, in one line. Pure. */

import { DAY } from "./zone.js";

/**
 * @typedef {object} SystemAnswer what of /api/system is looked at here
 * @property {string} state starting, running, stopping, stopped
 * @property {{ recording: number, wanted: number }} [cameras]
 * @property {{ full_at: number | null }[]} [disks]
 * @property {unknown[]} [problems]
 */

/**
 * @param {SystemAnswer | null} system null: the server didn't answer
 * @param {number} now epoch seconds
 * @returns {{ words: string, tone: "good" | "warn" | "alert" }}
 */
export function liveWords(system, now) {
  if (system === null) return { words: "no answer from the server", tone: "alert" };
  if (system.state === "starting") return { words: "starting", tone: "warn" };
  if (system.state !== "running") return { words: "not recording: PyNVR is stopped", tone: "alert" };
  const { recording = 0, wanted = 0 } = system.cameras ?? {};
  const said = [wanted === 0 ? "no camera to record" : `recording ${recording} / ${wanted}`];
  const full = (system.disks ?? []).flatMap((disk) => (disk.full_at === null ? [] : [disk.full_at]));
  const left = full.length > 0 ? (Math.min(...full) - now) / DAY : Infinity;
  if (left <= 0) said.push("disk full");
  else if (left < 1) said.push("disk full today");
  else if (left < 3650) said.push(`${Math.floor(left)} ${left < 2 ? "day" : "days"} left`);
  if (recording < wanted || left < 1) return { words: said.join(" · "), tone: "alert" };
  const troubled = (system.problems ?? []).length > 0;
  return { words: said.join(" · "), tone: troubled || left < 3 ? "warn" : "good" };
}
