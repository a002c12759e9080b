// @ts-check
/** Why there is no picture, in a person's words. Pure. */

import { causeWords } from "../shell/words.js";

/** @typedef {{start: number, end: number, cause: string, detail: string}} Gap */

/** A gap that reaches this near to now still lasts. */
const LASTS_S = 5;

/**
 * "camera unreachable 14:02–14:09", or "… since 14:02" while it lasts.
 * @param {Gap} gap
 * @param {{now: number, clock: (time: number) => string, day: (time: number) => string}} formats `clock` gives the time
 *   of day, `day` names the day
 */
export function gapWords(gap, { now, clock, day }) {
  const isUnknown = gap.cause === "unknown";
  const words = isUnknown ? "nothing recorded" : causeWords(gap.cause);
  const lasts = gap.end >= now - LASTS_S;
  if (gap.start <= 0 && lasts) return isUnknown ? "nothing recorded yet" : words;
  if (gap.start <= 0) {
    const end = day(gap.end) === day(now) ? clock(gap.end) : `${day(gap.end)} ${clock(gap.end)}`;
    return isUnknown ? `nothing recorded before ${end}` : `${words} until ${end}`;
  }
  const otherDay = day(gap.start) !== day(lasts ? now : gap.end);
  const start = otherDay ? `${day(gap.start)} ${clock(gap.start)}` : clock(gap.start);
  if (lasts) return `${words} since ${start}`;
  return `${words} ${start}–${otherDay ? `${day(gap.end)} ` : ""}${clock(gap.end)}`;
}
