// @ts-check
/** The panel that finds a change: the box in the picture, when it was otherwise, the search, and what it found. */

import { h } from "../shell/dom.js";
import { formatClock, formatDate, formatDuration, startOfDay } from "../shell/time.js";
import { counted } from "../shell/words.js";
import { everyWish, farWords, furtherThan, proposalSpan, reachesFrom, REACHES, WHOLE, wishOf } from "./find_change.js";
import { EveryQuestion } from "./find_change_every.js";
import { FindResults } from "./find_change_results.js";
import { proposedAfter, proposedBefore, searched } from "./find_change_search.js";
import { SearchState } from "./search_state.js";

/**
 * @typedef {import("./find_change.js").Box} Box
 * @typedef {import("./find_change.js").Reach} Reach
 * @typedef {import("./find_change.js").Wish} Wish
 * @typedef {import("./find_change_box.js").FindBox} FindBox
 * @typedef {import("./find_change_search.js").Outcome} Outcome
 * @typedef {import("./find_change_search.js").Telling} Telling
 * @typedef {import("./take_away.js").Range} Range
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {object} Page
 * @property {FindBox} box
 * @property {HTMLElement} side where the pictures are, for what stands beside them
 * @property {string} zone
 * @property {() => Camera} camera the large one
 * @property {() => readonly Camera[]} cameras all on the page
 * @property {() => number} moment of the clock
 * @property {() => number} now
 * @property {(cameraId: string, time: number) => boolean} isRecorded whether there may be a picture then
 * @property {(cameraId: string, time: number) => number} begin the time, or when recording begins behind it
 * @property {(cameraId: string) => number | null} first when its first recording begins, as far as it is known
 * @property {() => Range | null} marked
 * @property {(cameraId: string, time: number) => void} go
 * @property {(marks: import("../timeline/found.js").Found[]) => void} mark shows answers on the axis
 * @property {() => void} away on a phone, from the questions to picture and axis
 * @property {() => void} changed something was kept
 * @property {(words: string) => void} say
 */

/** The clock has to be so far off to be another moment. */
const OTHER_S = 0.5;
const PROPOSAL_WIDTH = 240;

/** How far back is looked next time; for as long as the page is open. */
let usual = /** @type {Reach} */ ("before-1");

export class FindPanel {
  #page;
  /** When it is as it is looked for; NaN: the box was drawn where nothing is recorded, and the next moment shown is taken. */
  #at = NaN;
  #chosen = /** @type {number | null} */ (null);
  #boxed = () => this.#boxChanged();
  #asked = () => void this.#find();
  #title = h("strong", {});
  #where = h("span", { class: "search-where" });
  #clockWords = h("span", {});
  #sameButton = h("button", {
    class: "button compact",
    type: "button",
    title: "Take this moment as the one that shows what you look for",
    onclick: () => this.#same(),
  });
  #clock = h(
    "span",
    { class: "find-clock-line", hidden: true },
    this.#clockWords,
    this.#sameButton,
    h(
      "button",
      {
        class: "button compact",
        type: "button",
        title: "Look for the change between the two moments",
        onclick: () => this.#otherwise(),
      },
      "different",
    ),
  );
  #away = h(
    "button",
    {
      class: "button compact find-away",
      type: "button",
      title: "The box stays; the dots bring this back",
      onclick: () => this.#page.away(),
    },
    "To the axis",
  );
  #chosenOption = h("option", { value: "chosen", hidden: true });
  #reach = h(
    "select",
    { class: "input", onchange: () => this.#reached() },
    ...REACHES.map(({ id, words }) => h("option", { value: id }, words)),
    this.#chosenOption,
  );
  #propose = h(
    "button",
    {
      class: "button compact",
      type: "button",
      title: "Have PyNVR look for a time at which it looked different",
      onclick: () => void this.#proposal(),
    },
    "Propose a time",
  );
  #ask = h("button", { class: "button primary", type: "button", onclick: () => void this.#find() }, "When did this change?");
  #every;
  #question;
  #state = new SearchState(
    (state) => (this.element.dataset["state"] = state),
    () => this.focus(),
  );
  #results;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    this.#question = h(
      "div",
      { class: "answer-line" },
      h("label", { class: "find-otherwise" }, h("span", {}, "It looked different"), this.#reach),
      this.#propose,
      this.#ask,
    );
    this.#every = new EveryQuestion(page, () => void this.#findEvery());
    this.element = h(
      "div",
      { class: "search-panel find-panel", "data-state": "asking" },
      h("div", { class: "answer-line find-head" }, this.#title, this.#where, this.#away, this.#clock, this.#state.element),
      h("div", { class: "find-questions" }, this.#question, this.#every.element),
    );
    this.#results = new FindResults(this.element, page.side, page.mark);
    this.#reach.value = usual;
    page.box.addEventListener("change", this.#boxed);
    page.box.addEventListener("ask", this.#asked);
    this.#at = this.#shownMoment();
    this.#show();
  }

  /** Nobody looks at it any more. */
  stop() {
    this.#state.stop();
    this.#page.box.removeEventListener("change", this.#boxed);
    this.#page.box.removeEventListener("ask", this.#asked);
    this.#results.stop();
    this.#page.box.hide();
  }

  /** The clock, the large camera or the marks are others. */
  refresh() {
    if (Number.isNaN(this.#at)) this.#at = this.#shownMoment();
    this.#show();
  }

  /** An answer's mark was clicked. @param {number} index */
  choose(index) {
    this.#results.choose(index);
  }

  focus() {
    (this.#page.box.box ? this.#ask : this.#every.button).focus({ preventScroll: true });
  }

  #boxChanged() {
    const { box } = this.#page.box;
    if (box === null || this.#isOff()) this.#chosen = null;
    if (box !== null) this.#at = this.#shownMoment();
    this.#show();
  }

  /** The clock's moment, NaN where the large camera has no picture of it. */
  #shownMoment() {
    const moment = this.#page.moment();
    return this.#page.isRecorded(this.#page.camera().id, moment) ? moment : NaN;
  }

  #isOff() {
    return Math.abs(this.#page.moment() - this.#at) > OTHER_S;
  }

  /** The clock's moment is one at which it is so. */
  #same() {
    this.#at = this.#shownMoment();
    if (this.#chosen !== null && Math.abs(this.#chosen - this.#at) <= OTHER_S) this.#choose(null);
    this.#show();
  }

  #otherwise() {
    this.#choose(this.#page.moment());
    this.#ask.focus({ preventScroll: true });
  }

  /** @param {number | null} time */
  #choose(time) {
    this.#chosen = time;
    this.#reach.value = time === null ? usual : "chosen";
    this.#show();
  }

  #reached() {
    const { value } = this.#reach;
    if (value === "chosen") return;
    usual = /** @type {Reach} */ (value);
    this.#choose(null);
  }

  #show() {
    const { box } = this.#page.box;
    const camera = this.#page.camera();
    const boxed = box !== null;
    const isDated = !Number.isNaN(this.#at);
    text(this.#title, boxed ? "When did this change?" : "Find the change");
    text(
      this.#where,
      boxed
        ? isDated
          ? `${camera.name}, as it is at ${this.#words(this.#at)}`
          : `${camera.name} has no picture at ${this.#words(this.#page.moment())}. Go to a moment at which it is as you look for it: the box takes the next one shown.`
        : this.#page.box.elsewhere !== null
          ? `The box stays in ${this.#page.box.elsewhere}'s picture. Draw one in ${camera.name}'s, or make the other large again.`
          : "Draw a box in the large picture around the place, at a moment when it is as you look for it: there, or gone.",
    );
    this.#question.hidden = !boxed || !isDated;
    const clock = this.#page.moment();
    const known = this.#chosen !== null && Math.abs(this.#chosen - clock) <= OTHER_S;
    this.#clock.hidden = !boxed || !this.#isOff() || known || Number.isNaN(this.#shownMoment());
    if (!this.#clock.hidden) {
      text(this.#clockWords, `You are at ${this.#words(clock)} now. Here the box looks`);
      text(this.#sameButton, `as at ${this.#words(this.#at)}`);
    }
    this.#chosenOption.hidden = this.#chosen === null;
    text(this.#chosenOption, this.#chosen === null ? "" : `at ${this.#words(this.#chosen)}`);
    if (this.#chosen === null && this.#reach.value === "chosen") this.#reach.value = usual;
    const offered = /** @type {string[]} */ (this.#offered());
    for (const option of this.#reach.options) {
      if (option !== this.#chosenOption) option.hidden = !offered.includes(option.value) && !option.selected;
    }
    this.#every.show();
  }

  #offered() {
    const { camera, first, now } = this.#page;
    return reachesFrom(this.#at, first(camera().id), now());
  }

  async #find() {
    const { box } = this.#page.box;
    if (box === null || Number.isNaN(this.#at)) return;
    const otherwise = this.#chosen ?? /** @type {Reach} */ (this.#reach.value);
    const wish = wishOf(box, this.#at, otherwise, this.#page.now());
    await this.#search([this.#page.camera()], wish, box, () => this.#further(otherwise));
  }

  async #findEvery() {
    const { cameras, box, range } = this.#every.asked();
    await this.#search(cameras, everyWish(box ?? WHOLE, range), box, () => null);
  }

  /**
   * @param {readonly Camera[]} cameras
   * @param {Wish} wish
   * @param {Box | null} box
   * @param {() => HTMLElement | null} further what to do where nothing was found
   */
  async #search(cameras, wish, box, further) {
    const span = wish.to - Math.min(wish.to, ...cameras.map(({ id }) => this.#page.begin(id, wish.from)));
    const signal = this.#state.begin(`Looking through ${formatDuration(span)}`);
    this.#results.clear();
    try {
      const outcome = await searched(cameras, wish, signal, (telling) => this.#tell(telling, span));
      const begins = cameras.map(({ id }) => this.#page.begin(id, outcome.from));
      outcome.from = Math.min(outcome.to, ...begins);
      if (!signal.aborted) this.#showFound(outcome, box, cameras.length > 1, further);
    } catch (error) {
      if (!signal.aborted) this.#state.fail(error, () => void this.#search(cameras, wish, box, further));
    }
  }

  async #proposal() {
    const { box } = this.#page.box;
    if (box === null || Number.isNaN(this.#at)) return;
    const [camera, at] = [this.#page.camera(), this.#at];
    const signal = this.#state.begin("Looking for a time when it looked different");
    try {
      const { from, to, isLater } = proposalSpan(usual, at, this.#page.now());
      const tell = (/** @type {Telling} */ telling) => this.#tell(telling, to - from);
      const found = !isLater
        ? await proposedBefore(camera, box, at, from, signal, tell)
        : to - from < OTHER_S
          ? { time: null, url: null, searched: to }
          : await proposedAfter(camera, box, at, to, signal, tell);
      if (signal.aborted) return;
      if (found.time === null) {
        const words = isLater
          ? `It looked the same all the time until ${this.#words(found.searched)}. Was it different earlier?`
          : `It looked the same all the time from ${this.#words(this.#page.begin(camera.id, found.searched))} on. Was it different later?`;
        return this.#state.say("proposed", h("span", { role: "status" }, words));
      }
      this.#choose(found.time);
      this.#showProposal(camera, box, found.time, found.url);
    } catch (error) {
      if (!signal.aborted) this.#state.fail(error, () => void this.#proposal());
    }
  }

  /** @param {Camera} camera @param {Box} box @param {number} time @param {string | null} url */
  #showProposal(camera, [x, y, width, height], time, url) {
    const outline = h("span", { class: "find-outline", "data-kind": "drawn" });
    const { style } = outline;
    [style.left, style.top, style.width, style.height] = [x, y, width, height].map((share) => `${share * 100}%`);
    const go = () => this.#page.go(camera.id, time);
    this.#state.say(
      "proposed",
      url &&
        h(
          "button",
          { class: "search-picture find-proposal", type: "button", "aria-label": `Go to ${this.#words(time)}`, onclick: go },
          h("img", { src: `${url}?width=${PROPOSAL_WIDTH}`, alt: "" }),
          outline,
        ),
      h("span", { role: "status" }, `At ${this.#words(time)} it looked different.`),
      h("button", { class: "button compact", type: "button", onclick: go }, "Look at it"),
    );
    this.#ask.focus({ preventScroll: true });
  }

  /** @param {Telling} telling @param {number} span */
  #tell({ progress, ...far }, span) {
    this.#state.tell(progress, farWords(span, far));
  }

  /**
   * @param {Outcome} outcome
   * @param {Box | null} box
   * @param {boolean} named
   * @param {() => HTMLElement | null} further
   */
  #showFound({ found, lookedAt, from, to, mistakes }, box, named, further) {
    const span = `from ${this.#words(from)} to ${this.#words(to)}`;
    const count = `${counted(found.length, "change")} that stayed`;
    const compared = `${counted(lookedAt, "picture")} compared.`;
    const words =
      found.length > 0
        ? `${count}, ${span}; ${compared}`
        : lookedAt === 0
          ? `There is no picture ${span}.`
          : `Nothing changed for good ${box ? "in the box" : "in the picture"} ${span}: ${compared}`;
    this.#state.say(
      found.length > 0 ? "found" : "nothing",
      h("span", { class: found.length > 0 ? "muted" : "", role: "status" }, words),
      found.length === 0 && further(),
      ...mistakes.map(({ camera, message }) => h("span", { class: "alert-text" }, `${camera.name}: ${message}`)),
    );
    const { zone, moment, go, changed } = this.#page;
    this.element.closest(".sheet")?.scrollTo({ top: 0 });
    this.#results.show(found, { box, zone, at: Number.isNaN(this.#at) ? moment() : this.#at, named, changed, go });
    this.#page.say(words);
  }

  /** @param {Reach | number} otherwise */
  #further(otherwise) {
    const reach = furtherThan(otherwise, this.#offered());
    if (reach === null) return null;
    const words = REACHES.find(({ id }) => id === reach)?.words ?? "";
    const search = () => {
      usual = this.#reach.value = reach;
      void this.#find();
    };
    return h("button", { class: "button compact", type: "button", onclick: search }, `Look ${words}`);
  }

  /** @param {number} time */
  #words(time) {
    const { zone, moment } = this.#page;
    const clock = formatClock(time, zone);
    return startOfDay(time, zone) === startOfDay(moment(), zone) ? clock : `${formatDate(time, zone, { year: false })} ${clock}`;
  }
}

/** @param {HTMLElement} element @param {string} words */
function text(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
