// @ts-check
/** View, cursor and selection, and the rules by which they move. Pure. */

import { allowed, following, panned, zoomed } from "./scale.js";

/** @typedef {import("./scale.js").View} View */
/** @typedef {{from: number, to: number}} Selection */

export class Position {
  #now;
  /** Where a selection that is being drawn began. */
  #anchor = 0;
  /** @type {Selection | null} */
  selection = null;
  /** The user has looked elsewhere: following waits until the cursor is seen again. */
  strayed = false;

  /**
   * @param {View} view
   * @param {number} cursor
   * @param {() => number} now epoch seconds
   */
  constructor(view, cursor, now) {
    this.#now = now;
    this.cursor = cursor;
    /** @type {View} */
    this.view = allowed(view, now());
  }

  /** @param {number} t */
  isSeen(t) {
    return t >= this.view.from && t <= this.view.to;
  }

  /** @param {View} view */
  look(view) {
    this.view = allowed(view, this.#now());
    this.strayed = !this.isSeen(this.cursor);
  }

  /** @param {number} seconds */
  pan(seconds) {
    this.look(panned(this.view, seconds, this.#now()));
  }

  /**
   * @param {number} factor below 1 shows less time
   * @param {number} at stays where it is
   */
  zoom(factor, at) {
    this.look(zoomed(this.view, factor, at, this.#now()));
  }

  /** What a zoom by keys keeps in its place: the cursor, or the middle where it isn't seen. */
  get pivot() {
    return this.isSeen(this.cursor) ? this.cursor : (this.view.from + this.view.to) / 2;
  }

  /**
   * @param {number} t
   * @param {{follow: boolean, reveal: boolean, held: boolean}} how `held`: a pointer is down, the view stays
   */
  setCursor(t, { follow, reveal, held }) {
    const previous = this.cursor;
    this.cursor = t;
    if (reveal) this.strayed = false;
    if ((follow || reveal) && !held && !this.strayed) this.view = following(this.view, previous, t, this.#now());
    if (this.isSeen(t)) this.strayed = false;
  }

  /** @param {Selection | null} selection */
  setSelection(selection) {
    this.selection = selection && ordered(selection.from, selection.to);
  }

  /**
   * @param {number} t
   * @param {"new" | "from" | "to"} edge which the pointer has hold of
   * @param {"begin" | "move" | "end"} phase
   * @returns {boolean} whether the selection may have changed
   */
  select(t, edge, phase) {
    if (phase === "begin") {
      const { selection } = this;
      this.#anchor = edge === "new" || !selection ? t : edge === "from" ? selection.to : selection.from;
      if (edge !== "new") return false;
    }
    this.selection = ordered(this.#anchor, t);
    return true;
  }
}

/**
 * @param {number} a
 * @param {number} b
 * @returns {Selection}
 */
function ordered(a, b) {
  return { from: Math.min(a, b), to: Math.max(a, b) };
}
