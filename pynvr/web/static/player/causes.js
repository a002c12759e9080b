// @ts-check
/** Why there is no picture, in a person's words. Pure. */

import { causeWords } from "../shell/words.js";

/**
 * `open`: it may go on after `end`, what follows isn't known (yet). Of a gap of unknown cause that isn't open `end` is a
 * recording's beginning wherever `start` is 0.
 * @typedef {{start: number, end: number, cause: string, detail: string, open?: boolean}} Gap
 */

/** A gap that reaches this near to now still lasts. */
const LASTS_S = 5;

/**
 * "camera unreachable 14:02–14:09", "… since 14:02" while it lasts, "… from 14:02" while its end isn't known.
 * @param {Gap} gap
 * @param {{now: number, at?: number, clock: (time: number) => string, day: (time: number) => string}} formats `at`: the
 *   moment that is looked at; `clock` gives the time of day, `day` names the day
 */
export function gapWords(gap, { now, at = now, clock, day }) {
  const isUnknown = gap.cause === "unknown";
  const words = isUnknown ? "nothing recorded" : causeWords(gap.cause);
  const lasts = gap.end >= now - LASTS_S;
  if (gap.start <= 0 && lasts) return isUnknown ? "nothing recorded yet" : words;
  if (gap.start <= 0 && gap.open) return isUnknown ? "nothing recorded here" : words;
  if (gap.start <= 0) {
    const end = day(gap.end) === day(at) ? clock(gap.end) : `${day(gap.end)} ${clock(gap.end)}`;
    return isUnknown ? `nothing recorded before ${end}` : `${words} until ${end}`;
  }
  const otherDay = day(gap.start) !== day(lasts || gap.open ? now : gap.end);
  const start = otherDay ? `${day(gap.start)} ${clock(gap.start)}` : clock(gap.start);
  if (lasts) return `${words} since ${start}`;
  if (gap.open) return `${words} from ${start}`;
  return `${words} ${start}–${otherDay ? `${day(gap.end)} ` : ""}${clock(gap.end)}`;
}
