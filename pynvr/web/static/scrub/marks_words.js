// @ts-check
/** What stands beside In and Out about the range that they mark. Pure. */

import { formatClock, formatDate, formatDuration, startOfDay } from "../shell/time.js";

/**
 * @param {{markIn: number | null, markOut: number | null}} marks
 * @param {import("./take_away.js").Range} range that they make
 * @param {string} zone
 * @param {string} size of it, as far as it is known
 * @returns {{clocks: string, extent: string}} a short line each: from when until when; how long and how large, and that one end
 *   was never marked
 */
export function marksWords({ markIn, markOut }, { from, to }, zone, size) {
  const otherDay = startOfDay(from, zone) !== startOfDay(to, zone);
  const [begin, end] = [from, to].map((time) =>
    otherDay
      ? `${formatDate(time, zone, { weekday: false, year: false })} ${formatClock(time, zone, { seconds: false })}`
      : formatClock(time, zone),
  );
  const open = markOut === null ? ", no Out yet" : markIn === null ? ", no In yet" : "";
  return { clocks: `${begin} – ${end}`, extent: [`${formatDuration(to - from)}${open}`, size].filter(Boolean).join(" · ") };
}
