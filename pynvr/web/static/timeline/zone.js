// @ts-check
/**
 * Local time of one zone, from the browser's own tables (Intl). Instants are epoch seconds, offsets seconds east of UTC.
 *
 * An axis asks for thousands of offsets a frame and Intl takes microseconds for each, so offsets are kept by UTC day:
 * a day whose ends agree has one offset, a day whose ends differ is searched for its change of clocks once.
 */

const DAY_S = 86_400;
const KEPT_DAYS = 5_000;

/** @typedef {{at: number, before: number, after: number}} ClockChange `at`: the first instant of the new offset */
/**
 * @typedef {object} LocalTime
 * @property {number} year
 * @property {number} month 1 to 12
 * @property {number} day 1 to 31
 * @property {number} weekday 0 is Sunday
 * @property {number} hour
 * @property {number} minute
 * @property {number} second whole seconds
 * @property {number} fraction of the second, below 1
 * @property {boolean} again the second pass through an hour that repeats
 */

export class Zone {
  /** @type {Intl.DateTimeFormat} */
  #format;
  /** @type {Map<number, number | ClockChange>} */
  #days = new Map();

  /** @param {string} name IANA name; raises RangeError if the browser doesn't know it */
  constructor(name) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone: name, hourCycle: "h23",
      year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    });
  }

  /** @param {number} t */
  offset(t) {
    const day = Math.floor(t / DAY_S);
    let kept = this.#days.get(day);
    if (kept === undefined) {
      kept = this.#search(day * DAY_S, (day + 1) * DAY_S);
      if (this.#days.size >= KEPT_DAYS) this.#days.clear();
      this.#days.set(day, kept);
    }
    if (typeof kept === "number") return kept;
    return t < kept.at ? kept.before : kept.after;
  }

  /**
   * The changes of clocks in `[from, to)`, oldest first.
   * @param {number} from
   * @param {number} to
   * @returns {ClockChange[]}
   */
  changes(from, to) {
    /** @type {ClockChange[]} */
    const found = [];
    for (let day = Math.floor(from / DAY_S); day * DAY_S < to; day++) {
      this.offset(day * DAY_S);
      const kept = this.#days.get(day);
      if (kept !== undefined && typeof kept !== "number" && kept.at >= from && kept.at < to) found.push(kept);
    }
    return found;
  }

  /**
   * @param {number} t
   * @returns {LocalTime}
   */
  local(t) {
    const shifted = t + this.offset(t);
    const whole = Math.floor(shifted);
    const date = new Date(whole * 1000);
    return {
      year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay(),
      hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds(),
      fraction: shifted - whole, again: this.isAgain(t),
    };
  }

  /**
   * Whether the clocks showed this local time once before (autumn's second pass).
   * @param {number} t
   */
  isAgain(t) {
    const offset = this.offset(t);
    const before = this.offset(t - 3 * 3600);
    return before > offset && this.offset(t - (before - offset)) === before;
  }

  /**
   * The instant of a local time. One that spring skips is as many minutes after the change; of two, the first.
   * @param {number} year
   * @param {number} month 1 to 12; others are carried over
   * @param {number} day any; others are carried over
   * @param {number} [hour]
   * @param {number} [minute]
   * @param {number} [second]
   */
  instant(year, month, day, hour = 0, minute = 0, second = 0) {
    const shifted = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
    const first = shifted - this.offset(shifted - DAY_S);
    const second_ = shifted - this.offset(shifted + DAY_S);
    const valid = [first, second_].filter((t) => t + this.offset(t) === shifted);
    return valid.length ? Math.min(...valid) : first;
  }

  /** @param {number} t */
  startOfDay(t) {
    const { year, month, day } = this.local(t);
    return this.instant(year, month, day);
  }

  /** @param {number} t */
  startOfNextDay(t) {
    const { year, month, day } = this.local(t);
    return this.instant(year, month, day + 1);
  }

  /**
   * The name of the segment that would start in this minute: `YYYYMMDD.HHMM`, `b` behind the second pass.
   * @param {number} t
   */
  stamp(t) {
    const { year, month, day, hour, minute, again } = this.local(t);
    return `${pad(year, 4)}${pad(month)}${pad(day)}.${pad(hour)}${pad(minute)}${again ? "b" : ""}`;
  }

  /**
   * @param {number} from
   * @param {number} to
   * @returns {number | ClockChange}
   */
  #search(from, to) {
    const before = this.#ask(from);
    const after = this.#ask(to);
    if (before === after) return before;
    let low = from;
    let high = to;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ask(middle) === before) low = middle;
      else high = middle;
    }
    return { at: high, before, after };
  }

  /** @param {number} t whole seconds */
  #ask(t) {
    /** @type {Record<string, number>} */
    const part = {};
    for (const { type, value } of this.#format.formatToParts(t * 1000)) part[type] = Number(value);
    return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) / 1000 - t;
  }
}

/**
 * @param {number} value
 * @param {number} [width]
 */
export function pad(value, width = 2) {
  return String(value).padStart(width, "0");
}
