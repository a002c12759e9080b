// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { edgeSpeed } from "../../../pynvr/web/static/timeline/edge_pan.js";
import { Gestures, wheeled } from "../../../pynvr/web/static/timeline/gestures.js";

/** @typedef {import("../../../pynvr/web/static/timeline/gestures.js").Press} Press */

/**
 * @param {Partial<Press>} [more]
 * @returns {Press}
 */
function press(more = {}) {
  return { id: 1, kind: "mouse", x: 100, y: 60, at: 0, target: "rows", select: false, middle: false, ...more };
}

/** @param {Partial<Press>} [more] */
const touch = (more = {}) => press({ kind: "touch", ...more });

test("a mouse on the rows seeks at once, follows, and ends where it is let go, wherever that is", () => {
  const gestures = new Gestures();
  assert.deepEqual(gestures.down(press()), [{ do: "seek", x: 100, y: 60, phase: "move" }]);
  assert.deepEqual(gestures.move(press({ x: 300 })), [{ do: "seek", x: 300, y: 60, phase: "move" }]);
  assert.deepEqual(gestures.move(press({ x: 5_000, y: -900, target: "header" })), [{ do: "seek", x: 5_000, y: -900, phase: "move" }]);
  assert.equal(gestures.busy, true);
  assert.deepEqual(gestures.up(press({ x: -40, y: 9_000 })), [{ do: "seek", x: -40, y: 9_000, phase: "end" }]);
  assert.deepEqual([gestures.busy, gestures.state], [false, "idle"]);
});

test("two clicks in one place play there", () => {
  const gestures = new Gestures();
  gestures.down(press({ at: 0 }));
  gestures.up(press({ at: 80 }));
  assert.deepEqual(gestures.down(press({ at: 200, x: 102 })), []);
  assert.deepEqual(gestures.up(press({ at: 260, x: 102 })), [{ do: "activate", x: 102, y: 60 }]);
});

test("two clicks far apart, or late, are two seeks", () => {
  for (const second of [{ at: 200, x: 160 }, { at: 900, x: 100 }]) {
    const gestures = new Gestures();
    gestures.down(press());
    gestures.up(press({ at: 80 }));
    assert.deepEqual(gestures.down(press(second)).map((action) => action.do), ["seek"]);
    assert.deepEqual(gestures.up(press(second)).map((action) => action.do), ["seek"]);
  }
});

test("a third click isn't another double one", () => {
  const gestures = new Gestures();
  const done = [0, 100, 200].flatMap((at) => {
    gestures.down(press({ at }));
    return gestures.up(press({ at: at + 30 })).map((action) => action.do);
  });
  assert.deepEqual(done, ["seek", "activate", "seek"]);
});

test("a scrub that ends isn't the first half of a double click", () => {
  const gestures = new Gestures();
  gestures.down(press());
  gestures.move(press({ x: 200 }));
  gestures.up(press({ x: 200, at: 50 }));
  assert.deepEqual(gestures.down(press({ x: 200, at: 120 })).map((action) => action.do), ["seek"]);
});

test("the header pans, the names scroll, and a click there does neither", () => {
  const gestures = new Gestures();
  assert.deepEqual(gestures.down(press({ target: "header" })), []);
  assert.deepEqual(gestures.move(press({ x: 110 })), [{ do: "pan", dx: 10 }]);
  assert.deepEqual(gestures.move(press({ x: 105 })), [{ do: "pan", dx: -5 }]);
  assert.deepEqual(gestures.up(press({ x: 105 })), []);
  gestures.down(press({ target: "names" }));
  assert.deepEqual(gestures.move(press({ y: 80 })), [{ do: "scroll", dy: 20 }]);
  gestures.up(press());
  gestures.down(press({ target: "names" }));
  assert.deepEqual(gestures.up(press()), [{ do: "choose", y: 60 }]);
  gestures.down(press({ target: "header" }));
  assert.deepEqual(gestures.up(press()), []);
});

test("with Alt or Shift a drag selects, and a click takes the selection away", () => {
  const gestures = new Gestures();
  assert.deepEqual(gestures.down(press({ select: true })), []);
  assert.deepEqual(gestures.move(press({ x: 180 })), [
    { do: "select", x: 100, edge: "new", phase: "begin" }, { do: "select", x: 180, edge: "new", phase: "move" },
  ]);
  assert.deepEqual(gestures.up(press({ x: 20 })), [{ do: "select", x: 20, edge: "new", phase: "end" }]);
  gestures.down(press({ select: true }));
  assert.deepEqual(gestures.up(press({ select: true })), [{ do: "clear" }]);
});

test("a handle is dragged without any key", () => {
  const gestures = new Gestures();
  assert.deepEqual(gestures.down(touch({ target: "handle-to" })), [{ do: "select", x: 100, edge: "to", phase: "begin" }]);
  assert.deepEqual(gestures.move(touch({ x: 140 })), [{ do: "select", x: 140, edge: "to", phase: "move" }]);
  assert.deepEqual(gestures.up(touch({ x: 140 })), [{ do: "select", x: 140, edge: "to", phase: "end" }]);
});

test("a finger that trembles taps, one that moves scrubs", () => {
  const gestures = new Gestures();
  assert.deepEqual(gestures.down(touch()), []);
  assert.deepEqual(gestures.move(touch({ x: 104 })), []);
  assert.deepEqual(gestures.up(touch({ x: 104 })), [{ do: "seek", x: 104, y: 60, phase: "end" }]);
  gestures.down(touch());
  assert.deepEqual(gestures.move(touch({ x: 112 })), [{ do: "seek", x: 112, y: 60, phase: "move" }]);
});

test("a second finger zooms without any seek having happened", () => {
  const gestures = new Gestures();
  const done = [
    ...gestures.down(touch({ id: 1, x: 100 })),
    ...gestures.down(touch({ id: 2, x: 200 })),
    ...gestures.move(touch({ id: 2, x: 300 })),
  ];
  assert.deepEqual(done, [
    { do: "zoom", factor: 0.5, x: 150 }, { do: "pan", dx: 50 }, { do: "scroll", dy: 0 },
  ]);
  assert.equal(gestures.state, "pinch");
});

test("both fingers keep the instants that they took hold of", () => {
  const gestures = new Gestures();
  gestures.down(touch({ id: 1, x: 100 }));
  gestures.down(touch({ id: 2, x: 300 }));
  // The view as the page would move it: 1 second a pixel at first.
  let from = 0;
  let perPixel = 1;
  const moves = [[1, 130], [2, 420], [1, 90], [2, 250], [1, 60]];
  for (const [id, x] of moves) {
    for (const action of gestures.move(touch({ id, x }))) {
      if (action.do === "zoom") {
        from += action.x * perPixel * (1 - action.factor);
        perPixel *= action.factor;
      } else if (action.do === "pan") {
        from -= action.dx * perPixel;
      }
    }
  }
  assert.ok(Math.abs(from + 60 * perPixel - 100) < 1e-9, `first finger over ${from + 60 * perPixel}`);
  assert.ok(Math.abs(from + 250 * perPixel - 300) < 1e-9, `second finger over ${from + 250 * perPixel}`);
});

test("after a pinch the finger that stays does nothing until it is lifted", () => {
  const gestures = new Gestures();
  gestures.down(touch({ id: 1 }));
  gestures.down(touch({ id: 2, x: 200 }));
  gestures.up(touch({ id: 2, x: 200 }));
  assert.deepEqual(gestures.move(touch({ id: 1, x: 400 })), []);
  assert.equal(gestures.busy, true);
  assert.deepEqual(gestures.up(touch({ id: 1, x: 400 })), []);
  assert.deepEqual(gestures.down(press()).map((action) => action.do), ["seek"]);
});

test("a second finger in the middle of a scrub ends it where it is", () => {
  const gestures = new Gestures();
  gestures.down(touch());
  gestures.move(touch({ x: 150 }));
  assert.deepEqual(gestures.down(touch({ id: 2, x: 300 })), [{ do: "seek", x: 150, y: 60, phase: "end" }]);
});

test("what the system takes away ends where it was, and a press becomes nothing", () => {
  const gestures = new Gestures();
  gestures.down(press());
  gestures.move(press({ x: 170 }));
  assert.deepEqual(gestures.cancel(1), [{ do: "seek", x: 170, y: 60, phase: "end" }]);
  gestures.down(touch());
  assert.deepEqual(gestures.cancel(1), []);
  assert.deepEqual([gestures.state, gestures.cancel(7)], ["idle", []]);
});

test("the wheel zooms by a fifth a notch, whatever unit it counts in", () => {
  const wheel = { deltaX: 0, deltaY: 100, deltaMode: 0, shiftKey: false, ctrlKey: false, x: 50, target: /** @type {const} */ ("rows"), page: 900 };
  const factor = (/** @type {object} */ more) => {
    const [action] = wheeled({ ...wheel, ...more });
    return action.do === "zoom" ? action.factor : NaN;
  };
  assert.ok(Math.abs(factor({}) - 1.2) < 1e-9);
  assert.ok(Math.abs(factor({ deltaY: -100 }) - 1 / 1.2) < 1e-9);
  assert.ok(Math.abs(factor({ deltaY: 3, deltaMode: 1 }) - 1.2) < 0.01);
  assert.ok(factor({ deltaY: 10_000 }) < 3, "a wild wheel is tamed");
  assert.ok(factor({ deltaY: 5, ctrlKey: true }) > 1.05, "a pinch on a touchpad comes in small pieces");
});

test("Shift and sideways wheels pan, over the names a wheel scrolls", () => {
  const wheel = { deltaX: 0, deltaY: 40, deltaMode: 0, shiftKey: false, ctrlKey: false, x: 50, target: /** @type {const} */ ("rows"), page: 900 };
  assert.deepEqual(wheeled({ ...wheel, shiftKey: true }), [{ do: "pan", dx: -40 }]);
  assert.deepEqual(wheeled({ ...wheel, shiftKey: true, deltaX: 40, deltaY: 0 }), [{ do: "pan", dx: -40 }]);
  assert.deepEqual(wheeled({ ...wheel, deltaX: -60 }), [{ do: "pan", dx: 60 }]);
  assert.deepEqual(wheeled({ ...wheel, target: "names" }), [{ do: "scroll", dy: -40 }]);
  assert.deepEqual(wheeled({ ...wheel, deltaY: 0 }), []);
});

test("a drag beyond the edge moves the view on, the further the faster, within bounds", () => {
  const scale = { left: 100, right: 500 };
  assert.equal(edgeSpeed(300, scale, 0), 0);
  assert.ok(edgeSpeed(520, scale, 0) > 0 && edgeSpeed(540, scale, 0) > edgeSpeed(520, scale, 0));
  assert.ok(edgeSpeed(90, scale, 0) < 0);
  assert.equal(edgeSpeed(99_999, scale, 0), 1_500);
  assert.ok(edgeSpeed(490, scale, 26) > 0, "a finger can't leave the screen");
});
