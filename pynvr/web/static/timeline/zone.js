// @ts-check
/** The configured zone, as the axis asks for it: offsets, days, changes of the clock. Pure. */

import { stampOf } from "../shell/time.js";
import { addDays, DAY, fromParts, HOUR, partsOf, startOfDay, zoneOffset } from "../shell/zone.js";

/** @typedef {{at: number, before: number, after: number}} ClockChange `at`: the first instant of the new offset */
/** @typedef {import("../shell/zone.js").Parts} Parts */

const KEPT_DAYS = 5_000;
/** No clock was ever set back by more. */
const MOST_BACK = 3 * HOUR;

export class Zone {
  /** @type {Map<number, ClockChange | null>} by UTC day */
  #days = new Map();

  /** @param {string} name IANA name; raises RangeError if the browser doesn't know it */
  constructor(name) {
    this.name = name;
    zoneOffset(0, name);
  }

  /**
   * Seconds east of UTC.
   * @param {number} t
   */
  offset(t) {
    return zoneOffset(t, this.name);
  }

  /** @param {number} t */
  parts(t) {
    return partsOf(t, this.name);
  }

  /**
   * The changes of the clock in `[from, to)`, oldest first.
   * @param {number} from
   * @param {number} to
   * @returns {ClockChange[]}
   */
  changes(from, to) {
    /** @type {ClockChange[]} */
    const found = [];
    for (let day = Math.floor(from / DAY); day * DAY < to; day++) {
      const change = this.#changeOf(day);
      if (change && change.at >= from && change.at < to) found.push(change);
    }
    return found;
  }

  /**
   * Whether the clock showed this time once before (autumn's second pass).
   * @param {number} t
   */
  isAgain(t) {
    const offset = this.offset(t);
    const before = this.offset(t - MOST_BACK);
    return before > offset && this.offset(t - (before - offset)) === before;
  }

  /**
   * The instant of a local day's start, hour and so on; months and days beyond the calendar are carried over.
   * @param {number} year
   * @param {number} month 1 to 12
   * @param {number} day
   */
  instant(year, month, day) {
    return fromParts({ year, month, day }, this.name);
  }

  /** @param {number} t */
  startOfDay(t) {
    return startOfDay(t, this.name);
  }

  /** @param {number} t */
  startOfNextDay(t) {
    return addDays(startOfDay(t, this.name), this.name, 1);
  }

  /** @param {number} t */
  startOfMinute(t) {
    const offset = this.offset(t);
    return Math.floor((t + offset) / 60) * 60 - offset;
  }

  /**
   * The name of the segment that starts with the minute of this instant.
   * @param {number} t
   */
  stamp(t) {
    return stampOf(this.startOfMinute(t), this.name);
  }

  /** @param {number} day */
  #changeOf(day) {
    let change = this.#days.get(day);
    if (change === undefined) {
      change = this.#search(day * DAY, (day + 1) * DAY);
      if (this.#days.size >= KEPT_DAYS) this.#days.clear();
      this.#days.set(day, change);
    }
    return change;
  }

  /**
   * @param {number} from
   * @param {number} to
   * @returns {ClockChange | null}
   */
  #search(from, to) {
    const before = this.offset(from);
    const after = this.offset(to);
    if (before === after) return null;
    let low = from;
    let high = to;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.offset(middle) === before) low = middle;
      else high = middle;
    }
    return { at: high, before, after };
  }
}
