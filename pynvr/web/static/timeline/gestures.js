// @ts-check
/**
 * What fingers, pens and mice mean on the axis: a state machine from pointer events to actions. It knows pixels only,
 * no times, no canvas and no timers. Pure.
 *
 * One pointer on the rows scrubs, on the header pans, on the names scrolls, on a handle or with Alt or Shift selects;
 * two pan and zoom together. After two fingers the one that stays does nothing until it is lifted, so that nothing jumps.
 */

/**
 * @typedef {"header" | "names" | "rows" | "handle-from" | "handle-to" | "back" | "found"} Target `back`: the way to the
 *   cursor; `found`: an answer on a row
 */
/**
 * @typedef {object} Press
 * @property {number} id of the pointer
 * @property {"mouse" | "pen" | "touch"} kind
 * @property {number} x CSS pixels on the canvas
 * @property {number} y
 * @property {number} at ms
 * @property {Target} target what lies under it
 * @property {boolean} select Alt or Shift is held
 * @property {boolean} middle the wheel is pressed
 */
/** @typedef {"begin" | "move" | "end"} Phase */
/**
 * @typedef {{do: "seek", x: number, y: number, phase: "move" | "end"}
 *   | {do: "activate", x: number, y: number}
 *   | {do: "choose", y: number}
 *   | {do: "pan", dx: number}
 *   | {do: "zoom", factor: number, x: number}
 *   | {do: "scroll", dy: number}
 *   | {do: "select", x: number, edge: "new" | "from" | "to", phase: Phase}
 *   | {do: "clear"}
 *   | {do: "back"}
 *   | {do: "found", x: number, y: number, kind: Press["kind"]}} Action
 */

const SLOP = { mouse: 3, pen: 5, touch: 8 };
const DOUBLE_MS = 350;
const DOUBLE_PX = { mouse: 8, pen: 16, touch: 28 };
const LEAST_SPREAD = 24;
const NOTCH = 1.2;
const NOTCH_PX = 100;
const LINE_PX = 34;

/** @typedef {"idle" | "press" | "scrub" | "pan" | "scroll" | "select" | "pinch" | "spent"} State */

export class Gestures {
  /** @type {State} */
  #state = "idle";
  /** @type {Map<number, Press>} pointers that are down, where they were last */
  #down = new Map();
  /** @type {Press | null} where the first one went down */
  #start = null;
  /** @type {"new" | "from" | "to"} */
  #edge = "new";
  /** @type {Press | null} */
  #tapped = null;

  get state() {
    return this.#state;
  }

  /** Whether the view belongs to the user's hand now. */
  get busy() {
    return this.#down.size > 0;
  }

  /**
   * Where a scrub or a selection stands; null in all other states.
   * @returns {Press | null}
   */
  get drag() {
    return this.#state === "scrub" || this.#state === "select" ? (this.#down.get(this.#start?.id ?? -1) ?? null) : null;
  }

  /**
   * @param {Press} press
   * @returns {Action[]}
   */
  down(press) {
    this.#down.set(press.id, press);
    if (this.#down.size === 2) {
      const ended = this.#ended();
      this.#state = "pinch";
      this.#tapped = null;
      return ended;
    }
    if (this.#down.size > 2) return [];
    this.#start = press;
    const { kind, target, x, y } = press;
    if (press.middle) {
      this.#state = "pan";
      return [];
    }
    if (target === "handle-from" || target === "handle-to") {
      this.#state = "select";
      this.#edge = target === "handle-from" ? "from" : "to";
      return [{ do: "select", x, edge: this.#edge, phase: "begin" }];
    }
    // A finger may be the first of two: it seeks when it has moved or is lifted. A mouse seeks at once.
    if (target === "rows" && kind === "mouse" && !press.select && !this.#isSecondTap(press)) {
      this.#state = "scrub";
      return [{ do: "seek", x, y, phase: "move" }];
    }
    this.#state = "press";
    return [];
  }

  /**
   * @param {Press} press
   * @returns {Action[]}
   */
  move(press) {
    const last = this.#down.get(press.id);
    if (!last) return [];
    if (this.#state === "pinch") return this.#pinched(press);
    this.#down.set(press.id, press);
    const start = this.#start;
    if (!start) return [];
    const { x, y } = press;
    switch (this.#state) {
      case "scrub":
        return [{ do: "seek", x, y, phase: "move" }];
      case "select":
        return [{ do: "select", x, edge: this.#edge, phase: "move" }];
      case "pan":
        return [{ do: "pan", dx: x - last.x }];
      case "scroll":
        return [{ do: "scroll", dy: y - last.y }];
      case "press":
        return Math.hypot(x - start.x, y - start.y) < SLOP[press.kind] ? [] : this.#begin(start, press);
      default:
        return [];
    }
  }

  /**
   * @param {Press} press
   * @returns {Action[]}
   */
  up(press) {
    if (!this.#down.delete(press.id)) return [];
    const state = this.#state;
    this.#state = this.#down.size ? "spent" : "idle";
    if (state === "scrub") {
      const { x, y } = press;
      // A mouse that hasn't moved was a click: the next one close by may be its double.
      const still = this.#start && Math.hypot(x - this.#start.x, y - this.#start.y) < SLOP[press.kind];
      this.#tapped = still ? press : null;
      return [{ do: "seek", x, y, phase: "end" }];
    }
    if (state === "select") return [{ do: "select", x: press.x, edge: this.#edge, phase: "end" }];
    if (state === "press") return this.#tap(press);
    return [];
  }

  /**
   * The system took the pointer away: whatever it did ends where it is.
   * @param {number} id
   * @returns {Action[]}
   */
  cancel(id) {
    const last = this.#down.get(id);
    if (!last) return [];
    if (this.#state === "press") {
      this.#down.delete(id);
      this.#state = "idle";
      return [];
    }
    return this.up(last);
  }

  /** @returns {Action[]} what a second finger ends */
  #ended() {
    const first = this.#start && this.#down.get(this.#start.id);
    if (!first) return [];
    const { x, y } = first;
    if (this.#state === "scrub") return [{ do: "seek", x, y, phase: "end" }];
    if (this.#state === "select") return [{ do: "select", x, edge: this.#edge, phase: "end" }];
    return [];
  }

  /**
   * The press has become a drag.
   * @param {Press} start
   * @param {Press} press
   * @returns {Action[]}
   */
  #begin(start, press) {
    const { x, y } = press;
    if (start.select && start.target !== "names") {
      this.#state = "select";
      this.#edge = "new";
      return [
        { do: "select", x: start.x, edge: "new", phase: "begin" },
        { do: "select", x, edge: "new", phase: "move" },
      ];
    }
    if (start.target === "names") {
      this.#state = "scroll";
      return [{ do: "scroll", dy: y - start.y }];
    }
    if (start.target === "rows" || start.target === "found") {
      this.#state = "scrub";
      return [{ do: "seek", x, y, phase: "move" }];
    }
    this.#state = "pan";
    return [{ do: "pan", dx: x - start.x }];
  }

  /**
   * @param {Press} press
   * @returns {Action[]}
   */
  #tap(press) {
    const { x, y, kind, target, select } = this.#start ?? press;
    if (target === "back") return [{ do: "back" }];
    if (target === "found") return [{ do: "found", x, y, kind }];
    if (target === "names") return [{ do: "choose", y }];
    if (select) return [{ do: "clear" }];
    if (target === "header") return [];
    if (this.#isSecondTap(press)) {
      this.#tapped = null;
      return [{ do: "activate", x, y }];
    }
    this.#tapped = press;
    return [{ do: "seek", x: press.x, y: press.y, phase: "end" }];
  }

  /** @param {Press} press */
  #isSecondTap(press) {
    const first = this.#tapped;
    return first !== null && press.at - first.at < DOUBLE_MS && first.kind === press.kind
      && Math.hypot(press.x - first.x, press.y - first.y) < DOUBLE_PX[press.kind];
  }

  /**
   * Two fingers keep hold of the instants under them.
   * @param {Press} press
   * @returns {Action[]}
   */
  #pinched(press) {
    const [a, b] = [...this.#down.values()];
    const before = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, spread: spread(a, b) };
    this.#down.set(press.id, press);
    const [c, d] = [...this.#down.values()];
    const after = { x: (c.x + d.x) / 2, y: (c.y + d.y) / 2, spread: spread(c, d) };
    return [
      { do: "zoom", factor: before.spread / after.spread, x: before.x },
      { do: "pan", dx: after.x - before.x },
      { do: "scroll", dy: after.y - before.y },
    ];
  }
}

/**
 * @param {Press} a
 * @param {Press} b
 */
function spread(a, b) {
  return Math.max(LEAST_SPREAD, Math.hypot(a.x - b.x, a.y - b.y));
}

/**
 * What a turn of the wheel (or two fingers on a touchpad) means.
 * @param {{deltaX: number, deltaY: number, deltaMode: number, shiftKey: boolean, ctrlKey: boolean, x: number, target: Target, page: number}} wheel
 *   `page`: pixels of the axis, for wheels that count in pages
 * @returns {Action[]}
 */
export function wheeled({ deltaX, deltaY, deltaMode, shiftKey, ctrlKey, x, target, page }) {
  const unit = deltaMode === 1 ? LINE_PX : deltaMode === 2 ? page : 1;
  const across = deltaX * unit;
  const along = deltaY * unit;
  if (target === "names" && !shiftKey && Math.abs(along) > Math.abs(across)) return [{ do: "scroll", dy: -along }];
  // Some browsers turn the axis of a Shift+wheel themselves.
  if (shiftKey) return [{ do: "pan", dx: -(along || across) }];
  if (Math.abs(across) > Math.abs(along)) return [{ do: "pan", dx: -across }];
  if (along === 0) return [];
  // A pinch on a touchpad comes as Ctrl+wheel in small pieces.
  const notches = ctrlKey ? along / 15 : along / NOTCH_PX;
  return [{ do: "zoom", factor: NOTCH ** Math.max(-6, Math.min(6, notches)), x }];
}
