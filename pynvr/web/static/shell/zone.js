// @ts-check
/**
 * Between instants and the clock of a zone. An instant is epoch seconds (UTC) as a number; a zone an IANA name such as
 * "Europe/Berlin". Pure: nothing here touches the page.
 */

export const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
export const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
export const MINUTE = 60;
export const HOUR = 3600;
/** Of the clock, not of the calendar: a day with a change of the clock has 23 or 25 hours. See `addDays`. */
export const DAY = 86_400;

/**
 * @typedef {object} Parts
 * @property {number} year
 * @property {number} month 1 to 12
 * @property {number} day 1 to 31
 * @property {number} hour
 * @property {number} minute
 * @property {number} second whole
 * @property {number} millisecond
 * @property {number} weekday 0 = Sunday
 */

/** Offsets change on a quarter of an hour, everywhere since 1972. */
const BUCKET = 900;
const MOST_BUCKETS = 20_000;
/** @type {Map<string, { format: Intl.DateTimeFormat, offsets: Map<number, number> }>} */
const zones = new Map();

/**
 * Seconds to add to UTC to get the zone's clock at this instant. Quick enough for every tick of an axis.
 * @param {number} t
 * @param {string} zone
 */
export function zoneOffset(t, zone) {
  let known = zones.get(zone);
  if (known === undefined) {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    known = { format, offsets: new Map() };
    zones.set(zone, known);
  }
  const bucket = Math.floor(t / BUCKET);
  let offset = known.offsets.get(bucket);
  if (offset === undefined) {
    const at = bucket * BUCKET;
    /** @type {Record<string, number>} */
    const field = {};
    for (const part of known.format.formatToParts(at * 1000)) field[part.type] = Number(part.value);
    const local = Date.UTC(field.year, field.month - 1, field.day, field.hour, field.minute, field.second) / 1000;
    offset = local - at;
    if (known.offsets.size >= MOST_BUCKETS) known.offsets.clear();
    known.offsets.set(bucket, offset);
  }
  return offset;
}

/**
 * The clock and calendar of the zone at this instant.
 * @param {number} t
 * @param {string} zone
 * @returns {Parts}
 */
export function partsOf(t, zone) {
  // Microseconds are what the server tells apart; a float's last digit must not make 59.999 of a whole minute.
  const milliseconds = Math.floor(Math.round(t * 1e6) / 1000);
  const date = new Date(milliseconds + zoneOffset(milliseconds / 1000, zone) * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
    weekday: date.getUTCDay(),
  };
}

/**
 * The instant of a clock time. Where the clock is set back and the hour comes twice: the first, or the second with
 * `later`. Where it is set forward and the time doesn't exist: as far behind the change as it would have been.
 * @param {{ year: number, month: number, day: number, hour?: number, minute?: number, second?: number, millisecond?: number }} parts
 * @param {string} zone
 * @param {{ later?: boolean }} [options]
 */
export function fromParts(parts, zone, { later = false } = {}) {
  const { year, month, day, hour = 0, minute = 0, second = 0, millisecond = 0 } = parts;
  const local = Date.UTC(year, month - 1, day, hour, minute, second, millisecond) / 1000;
  const before = zoneOffset(local - DAY, zone);
  const after = zoneOffset(local + DAY, zone);
  const fits = [local - before, local - after].filter((t) => t + zoneOffset(t, zone) === local);
  if (fits.length === 0) return local - before;
  return later ? Math.max(...fits) : Math.min(...fits);
}

/**
 * The first instant of the calendar day that holds `t`.
 * @param {number} t
 * @param {string} zone
 */
export function startOfDay(t, zone) {
  const { year, month, day } = partsOf(t, zone);
  return fromParts({ year, month, day }, zone);
}

/**
 * The same clock time `days` calendar days later (or earlier).
 * @param {number} t
 * @param {string} zone
 * @param {number} days
 */
export function addDays(t, zone, days) {
  const parts = partsOf(t, zone);
  return fromParts({ ...parts, day: parts.day + days }, zone);
}
