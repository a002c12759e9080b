// @ts-check
/**
 * Where the axis carries lines and words: steps of local time, chosen so that labels fit, honest about changes of
 * clocks. Pure; the width of a text is asked for.
 */

import { clock, date, monthName, monthShort } from "./words.js";

/** @typedef {import("./zone.js").Zone} Zone */
/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {{t: number, text: string, strong: boolean}} Tick `strong`: what is named above starts here; `text` is "" for a line alone */
/** @typedef {{from: number, to: number, texts: string[]}} Context a day, month or year over the ticks; longest text first */
/** @typedef {{from: number, to: number, texts: string[]}} Notice a stretch at which the clocks were changed */
/** @typedef {{step: Step, major: Tick[], minor: number[], contexts: Context[], notices: Notice[]}} Ticks */
/** @typedef {{seconds: number, months?: number, days?: number, minor: number}} Step `minor`: how many parts it is cut into */

const HOUR_S = 3600;
const DAY_S = 86_400;
const LABEL_ROOM = 22;
const MINOR_ROOM = 5;
/** An hour more or less is too small to see where steps are longer. */
const NOTICED_STEP_S = 6 * HOUR_S;

/** @type {Step[]} */
const STEPS = [
  { seconds: 0.1, minor: 2 }, { seconds: 0.2, minor: 2 }, { seconds: 0.5, minor: 5 },
  { seconds: 1, minor: 5 }, { seconds: 2, minor: 4 }, { seconds: 5, minor: 5 }, { seconds: 10, minor: 5 },
  { seconds: 15, minor: 3 }, { seconds: 30, minor: 3 },
  { seconds: 60, minor: 6 }, { seconds: 120, minor: 4 }, { seconds: 300, minor: 5 }, { seconds: 600, minor: 5 },
  { seconds: 900, minor: 3 }, { seconds: 1200, minor: 4 }, { seconds: 1800, minor: 3 },
  { seconds: HOUR_S, minor: 4 }, { seconds: 2 * HOUR_S, minor: 4 }, { seconds: 3 * HOUR_S, minor: 3 },
  { seconds: 6 * HOUR_S, minor: 6 }, { seconds: 12 * HOUR_S, minor: 4 },
  { seconds: DAY_S, days: 1, minor: 4 }, { seconds: 2 * DAY_S, days: 2, minor: 2 },
  { seconds: 7 * DAY_S, days: 7, minor: 7 },
  { seconds: 30 * DAY_S, months: 1, minor: 1 }, { seconds: 91 * DAY_S, months: 3, minor: 3 },
];

/**
 * @param {Scale} scale
 * @param {Zone} zone
 * @param {(text: string) => number} widthOf CSS pixels
 * @returns {Ticks}
 */
export function ticks(scale, zone, widthOf) {
  const step = STEPS.find((each) => each.seconds / scale.secondsPerPixel >= widthOf(sample(each)) + LABEL_ROOM)
    ?? STEPS[STEPS.length - 1];
  // One step more on both sides, so that a label whose tick is just outside still shows its inner half.
  const from = scale.from - step.seconds;
  const to = scale.to + step.seconds;
  const major = instants(zone, from, to, step)
    .map((t) => ({ t, text: label(zone, t, step), strong: isStrong(zone, t, step) }));
  return {
    step,
    major: withoutOverlap(major, scale, widthOf),
    minor: step.seconds / step.minor / scale.secondsPerPixel < MINOR_ROOM ? [] : minor(zone, from, to, step),
    contexts: contexts(zone, scale.from, scale.to, step),
    notices: step.seconds < NOTICED_STEP_S ? notices(zone, scale.from, scale.to) : [],
  };
}

/** @param {Step} step */
function sample(step) {
  if (step.months) return "Sep";
  if (step.days) return step.days === 7 ? "28 Sep" : "Wed 28";
  if (step.seconds < 1) return "00:00:00.0";
  return step.seconds < 60 ? "00:00:00" : "00:00";
}

/**
 * @param {Zone} zone
 * @param {number} t
 * @param {Step} step
 */
function label(zone, t, step) {
  const { month, day } = zone.parts(t);
  if (step.months) return monthShort(month);
  if (step.days) return step.days === 7 ? `${day} ${monthShort(month)}` : date(zone, t, "day");
  return clock(zone, t, step.seconds < 1 ? "tenth" : step.seconds < 60 ? "second" : "minute");
}

/**
 * @param {Zone} zone
 * @param {number} t
 * @param {Step} step
 */
function isStrong(zone, t, step) {
  const { month, day } = zone.parts(t);
  if (step.months) return month === 1;
  return step.days ? day === 1 : zone.startOfDay(t) === t;
}

/**
 * The instants in `[from, to]` at which a step of local time begins.
 * @param {Zone} zone
 * @param {number} from
 * @param {number} to
 * @param {Step} step
 * @returns {number[]}
 */
export function instants(zone, from, to, step) {
  if (step.months) return months(zone, from, to, step.months);
  if (step.days) return days(zone, from, to, step.days);
  return clockInstants(zone, from, to, step.seconds);
}

/**
 * @param {Zone} zone
 * @param {number} from
 * @param {number} to
 * @param {number} seconds
 */
function clockInstants(zone, from, to, seconds) {
  /** @type {number[]} */
  const found = [];
  let start = from;
  for (const end of [...zone.changes(from, to).map((change) => change.at), Infinity]) {
    const offset = zone.offset(start);
    for (let count = Math.ceil((start + offset) / seconds - 1e-6); ; count++) {
      const t = round(count * seconds - offset);
      if (t >= end || t > to) break;
      found.push(t);
    }
    start = end;
  }
  return found;
}

/**
 * @param {Zone} zone
 * @param {number} from
 * @param {number} to
 * @param {number} every 1, 2, or 7 (Mondays)
 */
function days(zone, from, to, every) {
  /** @type {number[]} */
  const found = [];
  for (let t = zone.startOfDay(from); t <= to; t = zone.startOfNextDay(t)) {
    const { weekday, day, month, year } = zone.parts(t);
    const number = Math.round(Date.UTC(year, month - 1, day) / 1000 / DAY_S);
    if (every === 7 ? weekday === 1 : number % every === 0) found.push(t);
  }
  return found;
}

/**
 * @param {Zone} zone
 * @param {number} from
 * @param {number} to
 * @param {number} every
 */
function months(zone, from, to, every) {
  /** @type {number[]} */
  const found = [];
  const first = zone.parts(from);
  for (let index = first.year * 12 + first.month - 1; ; index++) {
    const t = zone.instant(Math.floor(index / 12), (index % 12) + 1, 1);
    if (t > to) return found;
    if (t >= from && (index % 12) % every === 0) found.push(t);
  }
}

/**
 * @param {Zone} zone
 * @param {number} from
 * @param {number} to
 * @param {Step} step
 */
function minor(zone, from, to, step) {
  if (step.months) return months(zone, from, to, 1);
  if (step.days && step.days > 1) return days(zone, from, to, 1);
  return clockInstants(zone, from, to, step.seconds / step.minor);
}

/**
 * Labels that would run into the one before are left out (the repeated hour brings some closer together).
 * @param {Tick[]} found
 * @param {Scale} scale
 * @param {(text: string) => number} widthOf
 */
function withoutOverlap(found, scale, widthOf) {
  let free = -Infinity;
  return found.map((tick) => {
    const half = widthOf(tick.text) / 2;
    const x = scale.x(tick.t);
    if (x - half < free) return { ...tick, text: "" };
    free = x + half + 8;
    return tick;
  });
}

/**
 * @param {Zone} zone
 * @param {number} from
 * @param {number} to
 * @param {Step} step
 * @returns {Context[]}
 */
function contexts(zone, from, to, step) {
  /** @type {Context[]} */
  const found = [];
  if (step.months) {
    for (let year = zone.parts(from).year; zone.instant(year, 1, 1) < to; year++) {
      found.push({ from: zone.instant(year, 1, 1), to: zone.instant(year + 1, 1, 1), texts: [String(year)] });
    }
  } else if (step.days) {
    for (let t = from; t < to; t = found[found.length - 1].to) {
      const { year, month } = zone.parts(t);
      found.push({
        from: zone.instant(year, month, 1), to: zone.instant(year, month + 1, 1),
        texts: [`${monthName(month)} ${year}`, `${monthShort(month)} ${year}`, monthShort(month)],
      });
    }
  } else {
    for (let t = zone.startOfDay(from); t < to; t = zone.startOfNextDay(t)) {
      found.push({
        from: t, to: zone.startOfNextDay(t),
        texts: [date(zone, t, "full"), date(zone, t, "long"), date(zone, t, "short"), date(zone, t, "day")],
      });
    }
  }
  return found;
}

/**
 * The second pass through a repeated hour, and the instant at which an hour was skipped.
 * @param {Zone} zone
 * @param {number} from
 * @param {number} to
 * @returns {Notice[]}
 */
function notices(zone, from, to) {
  return zone.changes(from - 3 * HOUR_S, to).map(({ at, before, after }) => {
    const hour = clock(zone, at, "minute").replace(" 2nd", "");
    if (after < before) {
      const words = before - after === HOUR_S ? "the hour again" : "this time again";
      return { from: at, to: at + before - after, texts: [`clocks back: ${words} from ${hour}`, words, "again"] };
    }
    return { from: at, to: at, texts: [`clocks forward to ${hour}`, `→ ${hour}`] };
  });
}

/** @param {number} t */
function round(t) {
  return Math.round(t * 1000) / 1000;
}
