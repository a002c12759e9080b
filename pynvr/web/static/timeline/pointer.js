// @ts-check
/** Brings a canvas's pointers and wheel to the gestures, and tells where a pointer hovers. */

import { wheeled } from "./gestures.js";

/** @typedef {import("./gestures.js").Gestures} Gestures */
/** @typedef {import("./gestures.js").Press} Press */
/** @typedef {import("./gestures.js").Action} Action */
/** @typedef {import("./gestures.js").Target} Target */
/** @typedef {{x: number, y: number, kind: Press["kind"]}} Place CSS pixels on the canvas */
/**
 * @typedef {object} Receiver
 * @property {(place: Place) => Target} target what lies there
 * @property {(actions: Action[]) => void} perform
 * @property {(place: (Place & {dragging: boolean}) | null) => void} hover
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Gestures} gestures
 * @param {Receiver} receiver
 * @param {AbortSignal} signal ends it
 */
export function listen(canvas, gestures, receiver, signal) {
  // Each finger on the axis is the axis's; the page scrolls beside it.
  canvas.style.touchAction = "none";
  canvas.style.userSelect = "none";

  /**
   * @param {PointerEvent | WheelEvent} event
   */
  const place = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  /**
   * @param {PointerEvent} event
   * @returns {Press}
   */
  const press = (event) => {
    const { x, y } = place(event);
    const kind = event.pointerType === "touch" || event.pointerType === "pen" ? event.pointerType : "mouse";
    return {
      id: event.pointerId, kind, x, y, at: event.timeStamp, target: receiver.target({ x, y, kind }),
      select: event.altKey || event.shiftKey, middle: event.button === 1,
    };
  };

  /** @param {PointerEvent} event */
  const down = (event) => {
    if (event.button > 1) return;
    canvas.setPointerCapture(event.pointerId);
    const pressed = press(event);
    receiver.perform(gestures.down(pressed));
    receiver.hover(null);
  };

  /** @param {PointerEvent} event */
  const move = (event) => {
    // A button that was lifted where nobody could tell.
    if (event.pointerType === "mouse" && event.buttons === 0 && gestures.busy) {
      receiver.perform(gestures.cancel(event.pointerId));
    }
    const pressed = press(event);
    receiver.perform(gestures.move(pressed));
    const { x, y, kind } = pressed;
    const dragging = gestures.drag !== null;
    if (!gestures.busy || (dragging && kind === "touch")) receiver.hover({ x, y, kind, dragging });
  };

  /** @param {PointerEvent} event */
  const up = (event) => {
    const pressed = press(event);
    receiver.perform(gestures.up(pressed));
    receiver.hover(pressed.kind === "mouse" && !gestures.busy ? { ...pressed, dragging: false } : null);
  };

  /** @param {PointerEvent} event */
  const lost = (event) => {
    receiver.perform(gestures.cancel(event.pointerId));
    if (event.pointerType !== "mouse") receiver.hover(null);
  };

  /** @param {WheelEvent} event */
  const wheel = (event) => {
    event.preventDefault();
    const { x, y } = place(event);
    receiver.perform(wheeled({
      deltaX: event.deltaX, deltaY: event.deltaY, deltaMode: event.deltaMode, shiftKey: event.shiftKey,
      ctrlKey: event.ctrlKey, x, target: receiver.target({ x, y, kind: "mouse" }), page: canvas.clientWidth,
    }));
  };

  canvas.addEventListener("pointerdown", down, { signal });
  canvas.addEventListener("pointermove", move, { signal });
  canvas.addEventListener("pointerup", up, { signal });
  canvas.addEventListener("pointercancel", lost, { signal });
  canvas.addEventListener("lostpointercapture", lost, { signal });
  canvas.addEventListener("pointerleave", () => {
    if (!gestures.busy) receiver.hover(null);
  }, { signal });
  canvas.addEventListener("wheel", wheel, { signal, passive: false });
  canvas.addEventListener("mousedown", (event) => {
    // The wheel's own scrolling; the focus that a press brings is wanted.
    if (event.button === 1) event.preventDefault();
  }, { signal });
  // A long press scrubs; it doesn't ask for a menu.
  canvas.addEventListener("contextmenu", (event) => {
    if (gestures.busy) event.preventDefault();
  }, { signal });
}
