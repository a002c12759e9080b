// @ts-check
/** How the whole program stands, in one line. Pure. */

import { DAY } from "./zone.js";

/**
 * @param {Record<string, boolean> | null} cameras of /api/1/system.json: whether each enabled one is recording now;
 *   null: the server didn't answer
 * @param {{ full_at: number | null }[]} disks of /api/system
 * @param {number} now epoch seconds
 * @param {boolean} [isOff] recording of all cameras is switched off
 * @param {string[]} [resting] those that needn't be recorded now
 * @returns {{ words: string, tone: "good" | "warn" | "alert" }}
 */
export function liveWords(cameras, disks, now, isOff = false, resting = []) {
  if (cameras === null) return { words: "no answer from the server", tone: "alert" };
  if (isOff) return { words: "recording is switched off", tone: "warn" };
  const wanted = Object.keys(cameras).filter((id) => cameras[id] || !resting.includes(id)).length;
  const recording = Object.values(cameras).filter(Boolean).length;
  const said = [wanted === 0 ? (resting.length > 0 ? "nothing to record now" : "no camera to record") : `recording ${recording} / ${wanted}`];
  const full = disks.flatMap((disk) => (disk.full_at === null ? [] : [disk.full_at]));
  const left = full.length > 0 ? (Math.min(...full) - now) / DAY : Infinity;
  if (left <= 0) said.push("disk full");
  else if (left < 1) said.push("disk full today");
  else if (left < 3650) said.push(`${Math.floor(left)} ${left < 2 ? "day" : "days"} left`);
  if (recording < wanted || left < 1) return { words: said.join(" · "), tone: "alert" };
  return { words: said.join(" · "), tone: left < 3 || (wanted === 0 && resting.length === 0) ? "warn" : "good" };
}
