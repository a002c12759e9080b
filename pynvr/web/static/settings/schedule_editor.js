// @ts-check
/** Times of the week as rows: days to press, from, to. */

import { fill, h } from "../shell/dom.js";
import { hoursAWeek, newPeriod } from "./schedule.js";

/** @typedef {import("./schedule.js").Period} Period */

const SHORT = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const LONG = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

export class ScheduleEditor {
  /** @type {Period[]} */
  #periods = [];
  #rows = h("div", { class: "stack" });
  #sum = h("p", { class: "hint", "aria-live": "polite" });
  #changed;
  element = h(
    "div",
    { class: "stack" },
    this.#rows,
    h("div", { class: "row" }, h("button", { class: "button compact", type: "button", onclick: () => this.#add() }, "Add a period"), this.#sum),
  );

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /** @returns {Period[]} */
  get value() {
    return this.#periods;
  }

  /** @param {Period[]} periods */
  set value(periods) {
    this.#periods = structuredClone(periods);
    this.#show();
  }

  #add() {
    this.#periods.push(newPeriod());
    this.#show();
    this.#changed();
    /** @type {HTMLElement | null} */ (this.#rows.lastElementChild?.querySelector("button") ?? null)?.focus();
  }

  #show() {
    fill(this.#rows, ...this.#periods.map((period, number) => this.#row(period, number)));
    this.#say();
  }

  #say() {
    const hours = hoursAWeek(this.#periods);
    this.#sum.textContent =
      hours === null ? "A time is written as 22:00." : this.#periods.length === 0 ? "No period yet: nothing would be recorded." : `${Math.round(hours * 10) / 10} hours a week`;
  }

  /** @param {Period} period @param {number} number */
  #row(period, number) {
    const days = period.days.map((on, day) => {
      const button = h("button", { class: "button compact day", type: "button", "aria-pressed": String(on), "aria-label": LONG[day] }, SHORT[day]);
      button.addEventListener("click", () => {
        period.days[day] = !period.days[day];
        button.setAttribute("aria-pressed", String(period.days[day]));
        this.#say();
        this.#changed();
      });
      return button;
    });
    const remove = h("button", { class: "button compact plain danger", type: "button", "aria-label": `Remove period ${number + 1}` }, "Remove");
    remove.addEventListener("click", () => {
      this.#periods.splice(number, 1);
      this.#show();
      this.#changed();
    });
    return h(
      "div",
      { class: "row period", role: "group", "aria-label": `Period ${number + 1}` },
      h("span", { class: "button-group" }, ...days),
      h("label", { class: "row" }, "from ", this.#time(period, "from")),
      h("label", { class: "row" }, "to ", this.#time(period, "to")),
      remove,
    );
  }

  /** @param {Period} period @param {"from" | "to"} end */
  #time(period, end) {
    const input = h("input", { class: "input clock", value: period[end], maxlength: 8, placeholder: "22:00", inputmode: "numeric", autocomplete: "off" });
    input.addEventListener("input", () => {
      const text = input.value.trim();
      // 7:30 is written as often as 07:30.
      period[end] = /^\d:/.test(text) ? `0${text}` : text;
      this.#say();
      this.#changed();
    });
    return input;
  }
}
