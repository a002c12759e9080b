// @ts-check
/** The calendar that hangs on the date: days with recordings can be chosen, the others are dim. */

import { icon } from "../shell/icons.js";
import { MONTHS } from "../shell/zone.js";
import { fill, h } from "../shell/dom.js";
import { dayByKey, monthBeside, readDay, weeksOf, writeDay } from "./calendar.js";
import { Menu } from "./menus.js";

const WEEKDAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

export class DayMenu {
  #choose;
  #body = h("div", { class: "calendar" });
  #recorded = /** @type {Set<string>} */ (new Set());
  #day = "";
  #today = "";
  #month = { year: 1970, month: 1 };

  /** @param {(day: {year: number, month: number, day: number}) => void} choose */
  constructor(choose) {
    this.#choose = choose;
    this.menu = new Menu("Day", this.#body, { opened: () => this.#open(), more: "day-menu" });
    this.#body.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {Iterable<string>} stamps of days with recordings, YYYYMMDD */
  setRecorded(stamps) {
    this.#recorded = new Set(stamps);
    if (this.menu.element.open) this.#draw();
  }

  /**
   * @param {{year: number, month: number, day: number}} day that is looked at
   * @param {{year: number, month: number, day: number}} today
   * @param {string} text on the button
   */
  show(day, today, text) {
    this.#day = writeDay(day);
    this.#today = writeDay(today);
    this.menu.setText(text);
  }

  #open() {
    this.#month = readDay(this.#day);
    this.#draw();
    this.#focus(this.#day);
  }

  #draw() {
    const { year, month } = this.#month;
    const turn = (/** @type {number} */ by) => () => {
      this.#month = monthBeside(this.#month, by);
      this.#draw();
    };
    /** @param {import("./calendar.js").Day} day */
    const cell = (day) =>
      h(
        "td",
        {},
        h(
          "button",
          {
            class: "day",
            type: "button",
            "data-day": day.stamp,
            "data-outside": !day.inside,
            "data-today": day.stamp === this.#today,
            "aria-current": day.stamp === this.#day ? "date" : undefined,
            "aria-disabled": day.recorded ? undefined : "true",
            "aria-label": `${day.day} ${MONTHS[Number(day.stamp.slice(4, 6)) - 1]}${day.recorded ? "" : ", nothing recorded"}`,
            tabindex: day.stamp === this.#day ? 0 : -1,
            onclick: () => day.recorded && this.#chosen(day.stamp),
          },
          day.day,
        ),
      );
    fill(
      this.#body,
      h(
        "div",
        { class: "calendar-head" },
        h(
          "button",
          { class: "button plain sign", type: "button", "aria-label": "Previous month", onclick: turn(-1) },
          icon("previous"),
        ),
        h("strong", { "aria-live": "polite" }, `${MONTHS[month - 1]} ${year}`),
        h(
          "button",
          { class: "button plain sign", type: "button", "aria-label": "Next month", onclick: turn(1) },
          icon("next"),
        ),
      ),
      h(
        "table",
        { "aria-label": "Days" },
        h("thead", {}, h("tr", {}, ...WEEKDAYS.map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, ...weeksOf(this.#month, this.#recorded).map((week) => h("tr", {}, ...week.map(cell)))),
      ),
      this.#recorded.size === 0 && h("p", { class: "small muted" }, "Nothing is recorded yet."),
    );
  }

  /** @param {string} stamp */
  #chosen(stamp) {
    this.menu.close();
    this.#choose(readDay(stamp));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { target } = event;
    if (!(target instanceof HTMLElement)) return;
    const from = target.dataset["day"];
    const to = from === undefined ? null : dayByKey(from, event.key);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    const { year, month } = readDay(to);
    if (year !== this.#month.year || month !== this.#month.month) {
      this.#month = { year, month };
      this.#draw();
    }
    this.#focus(to);
  }

  /** @param {string} stamp */
  #focus(stamp) {
    const day = this.#body.querySelector(`[data-day="${stamp}"]`);
    if (day instanceof HTMLElement) day.focus();
  }
}
