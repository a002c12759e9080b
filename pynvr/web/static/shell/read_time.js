// @ts-check
/** Instants as people write them: a clock time, a day, both, a stamp, or a step from where they are. Pure. */

import { DAY, HOUR, MINUTE, MONTHS, WEEKDAYS, addDays, fromParts, partsOf, startOfDay } from "./zone.js";

const STAMP = /^(\d{4})(\d\d)(\d\d)\.(\d\d)(\d\d)(\d\d)?(b)?$/;
const CLOCK = /^(\d{1,2})(?:[:.h](\d{2}))(?:[:.](\d{2})(?:[.,](\d{1,3})\d*)?)?\s*(am|pm)?(b)?$/;
const BARE_HOUR = /^(\d{1,2})\s*(am|pm)$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[t ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,3})\d*)?)?)?\s*(z|[+-]\d\d:?\d\d)?$/;
const SHIFT = /^([+-])\s*(\d+(?:\.\d+)?)\s*(s|sec|seconds?|m|min|mins|minutes?|h|hours?|d|days?)?$/;
const AGO = /^(?:(\d+(?:\.\d+)?)|an?) ?(s|sec|seconds?|m|min|mins|minutes?|h|hours?|d|days?) ago$/;
const AHEAD = /^in (?:(\d+(?:\.\d+)?)|an?) ?(s|sec|seconds?|m|min|mins|minutes?|h|hours?|d|days?)$/;
/** @type {Record<string, number>} by the first letter */
const UNITS = { s: 1, m: MINUTE, h: HOUR };
/** @type {Record<string, string>} */
const SPOKEN = { noon: "12:00", midday: "12:00", midnight: "0:00" };

/**
 * The instant that a person wrote, null where it can't be read. Taken are: `14:07`, `14:07:31.2`, `2:07 pm`, `2pm`; the
 * same with a day before or behind it (`today`, `yesterday`, `tomorrow`, `fri`, `21 nov`, `21 nov 2026`, `21.11.`, `2026-11-21`); a
 * day alone (its start); ISO 8601 with or without a zone; a stamp (`20261121.1407`); `now`; `-5m`, `+10s`, `-1d` from
 * `near`; `10 minutes ago`, `in 10 minutes`; `noon`, `midnight`; epoch seconds. A clock time without a day is of `near`'s day, also
 * where that is still to come (`GoTo` takes the day before then).
 * @param {string} text
 * @param {string} zone
 * @param {number} near the instant that the person looks at
 * @param {number} [now]
 * @returns {number | null}
 */
export function parseTime(text, zone, near, now = Date.now() / 1000) {
  const words = tidied(text);
  if (words === "now") return now;
  const ago = AGO.exec(words);
  if (ago) return moved(now, zone, -Number(ago[1] ?? 1), ago[2]);
  const ahead = AHEAD.exec(words);
  if (ahead) return moved(now, zone, Number(ahead[1] ?? 1), ahead[2]);
  if (/^\d{9,11}(\.\d+)?$/.test(words)) return Number(words);
  return shifted(words, zone, near) ?? ofStamp(words, zone) ?? ofIso(words, zone) ?? ofWords(words, zone, near, now);
}

/**
 * What a step is counted from: `-10m` from the moment that is looked at, `10 minutes ago` from now; "" for what is no step.
 * @param {string} text
 * @returns {"near" | "now" | ""}
 */
export function countedFrom(text) {
  const words = tidied(text);
  if (SHIFT.test(words)) return "near";
  return AGO.test(words) || AHEAD.test(words) ? "now" : "";
}

/** Whether it is a clock time alone, without a day. @param {string} text */
export function isClock(text) {
  return clockOf(tidied(text)) !== null;
}

/** @param {string} text */
const tidied = (text) => text.trim().toLowerCase().replace(/\s+/g, " ").replace("−", "-");

/** @param {string} words @param {string} zone @param {number} near */
function shifted(words, zone, near) {
  const match = SHIFT.exec(words);
  if (!match) return null;
  return moved(near, zone, Number(match[2]) * (match[1] === "-" ? -1 : 1), match[3] ?? "s");
}

/** @param {number} from @param {string} zone @param {number} amount @param {string} unit */
function moved(from, zone, amount, unit) {
  if (unit.startsWith("d")) return Number.isInteger(amount) ? addDays(from, zone, amount) : from + amount * DAY;
  return from + amount * UNITS[unit[0]];
}

/** @param {string} words @param {string} zone */
function ofStamp(words, zone) {
  const match = STAMP.exec(words);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0));
  return valid({ year, month, day, hour, minute, second }, zone, match[7] === "b");
}

/** @param {string} words @param {string} zone */
function ofIso(words, zone) {
  const match = ISO.exec(words);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0));
  const millisecond = Number((match[7] ?? "").padEnd(3, "0"));
  if (!match[8]) return valid({ year, month, day, hour, minute, second, millisecond }, zone, false);
  const utc = valid({ year, month, day, hour, minute, second, millisecond }, "UTC", false);
  if (utc === null || match[8] === "z") return utc;
  const [hours, minutes] = [Number(match[8].slice(1, 3)), Number(match[8].slice(-2))];
  return utc - (match[8].startsWith("-") ? -1 : 1) * (hours * HOUR + minutes * MINUTE);
}

/** @param {string} words @param {string} zone @param {number} near @param {number} now */
function ofWords(words, zone, near, now) {
  const whole = clockOf(words);
  if (whole) return valid({ ...dayOf(near, zone), ...whole.clock }, zone, whole.later);
  const alone = calendarDay(words, zone, now);
  if (alone) return valid(alone, zone, false);
  // The clock stands first or last; "2 pm" has a space of its own.
  const pieces = words.replace(/,/g, "").replace(/ (am|pm)\b/, "$1").replace(/ at /, " ").split(" ");
  const orders = [
    [pieces[pieces.length - 1], pieces.slice(0, -1)],
    [pieces[0], pieces.slice(1)],
  ];
  for (const [clockText, dayText] of /** @type {[string, string[]][]} */ (orders)) {
    const clock = clockOf(clockText);
    const day = calendarDay(dayText.join(" "), zone, now);
    if (clock && day) return valid({ ...day, ...clock.clock }, zone, clock.later);
  }
  return null;
}

/** @param {string} spoken */
function clockOf(spoken) {
  const text = SPOKEN[spoken] ?? spoken;
  const bare = BARE_HOUR.exec(text);
  const match = bare ? [text, bare[1], "00", undefined, undefined, bare[2], undefined] : CLOCK.exec(text);
  if (!match) return null;
  let hour = Number(match[1]);
  if (match[5]) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (match[5] === "pm" ? 12 : 0);
  }
  const [minute, second] = [Number(match[2]), Number(match[3] ?? 0)];
  const millisecond = Number((match[4] ?? "").padEnd(3, "0"));
  return { clock: { hour, minute, second, millisecond }, later: match[6] === "b" };
}

/** @param {number} t @param {string} zone */
function dayOf(t, zone) {
  const { year, month, day } = partsOf(t, zone);
  return { year, month, day };
}

/**
 * @param {string} text
 * @param {string} zone
 * @param {number} now
 * @returns {{ year: number, month: number, day: number } | null}
 */
function calendarDay(text, zone, now) {
  if (text === "today") return dayOf(now, zone);
  if (text === "yesterday") return dayOf(addDays(startOfDay(now, zone), zone, -1), zone);
  if (text === "tomorrow") return dayOf(addDays(startOfDay(now, zone), zone, 1), zone);
  const weekday = text.length >= 3 ? WEEKDAYS.findIndex((name) => fullWeekday(name).startsWith(text)) : -1;
  if (weekday >= 0) {
    const back = (partsOf(now, zone).weekday - weekday + 7) % 7;
    return dayOf(addDays(startOfDay(now, zone), zone, -back), zone);
  }
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso) return { year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) };
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})?$/.exec(text);
  if (dotted) return ofYear(Number(dotted[3] ?? 0), Number(dotted[2]), Number(dotted[1]), zone, now);
  const named = /^(?:[a-z]{3,9} )?(?:(\d{1,2})\.? ([a-z]{3,9})|([a-z]{3,9}) (\d{1,2}))(?: (\d{4}))?$/.exec(text);
  if (!named) return null;
  const month = MONTHS.findIndex((name) => (named[2] ?? named[3]).startsWith(name.toLowerCase()));
  if (month < 0) return null;
  return ofYear(Number(named[5] ?? 0), month + 1, Number(named[1] ?? named[4]), zone, now);
}

/** @param {string} short */
function fullWeekday(short) {
  const rest = { Sun: "day", Mon: "day", Tue: "sday", Wed: "nesday", Thu: "rsday", Fri: "day", Sat: "urday" }[short];
  return (short + (rest ?? "")).toLowerCase();
}

/**
 * A day without its year is the last such day: recordings lie behind us.
 * @param {number} year 0 = not said
 * @param {number} month
 * @param {number} day
 * @param {string} zone
 * @param {number} now
 */
function ofYear(year, month, day, zone, now) {
  if (year) return { year, month, day };
  const today = dayOf(now, zone);
  const ahead = month > today.month || (month === today.month && day > today.day);
  return { year: ahead ? today.year - 1 : today.year, month, day };
}

/**
 * The instant, null where the calendar or the clock has no such figures.
 * @param {{ year: number, month: number, day: number, hour?: number, minute?: number, second?: number, millisecond?: number }} parts
 * @param {string} zone
 * @param {boolean} later
 */
function valid(parts, zone, later) {
  const { year, month, day, hour = 0, minute = 0, second = 0 } = parts;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  // 24:00 is the end of the day.
  if (hour > 24 || minute > 59 || second > 59 || (hour === 24 && minute + second > 0)) return null;
  return fromParts(parts, zone, { later });
}
