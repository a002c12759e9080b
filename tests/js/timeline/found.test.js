// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { diamonds, foundAt } from "../../../pynvr/web/static/timeline/found.js";
import { Gestures } from "../../../pynvr/web/static/timeline/gestures.js";
import { layout } from "../../../pynvr/web/static/timeline/rows.js";
import { Scale } from "../../../pynvr/web/static/timeline/scale.js";
import { targetAt } from "../../../pynvr/web/static/timeline/targets.js";

const CAMERAS = ["gate", "yard"].map((id) => ({ id, name: id }));
const ROWS = layout({ width: 1000, height: 120, cameras: CAMERAS, touch: false, scroll: 0, nameWidth: 40 });
/** A second is a pixel. */
const SCALE = new Scale({ from: 0, to: 900 }, 100, 900);

/** @param {[cameraId: string, time: number, isChosen?: boolean][]} given */
const shown = (...given) =>
  diamonds(given.map(([cameraId, time, isChosen = false]) => ({ cameraId, time, isChosen })), ROWS, SCALE);

test("an answer stands at its time in the middle of its camera's row", () => {
  const [{ x, y, index }] = shown(["yard", 300]);
  const { top, height } = ROWS.rows[1];
  assert.deepEqual([x, y, index], [400, top + height / 2, 0]);
});

test("answers of other times and of cameras that aren't shown have no mark", () => {
  assert.deepEqual(shown(["yard", -1], ["yard", 901], ["cellar", 300]), []);
});

test("a row that is scrolled behind the header keeps its marks to itself", () => {
  const cameras = Array.from({ length: 9 }, (_, number) => ({ id: `${number}`, name: `${number}` }));
  const scrolled = layout({ width: 1000, height: 120, cameras, touch: false, scroll: 13, nameWidth: 40 });
  const found = [{ cameraId: scrolled.rows[0].camera.id, time: 5, isChosen: false }];
  assert.ok(scrolled.rows[0].top + scrolled.rows[0].height / 2 < scrolled.header);
  assert.deepEqual(diamonds(found, scrolled, SCALE), []);
});

test("the chosen one lies above its neighbours, and is larger", () => {
  const [first, last] = shown(["gate", 300, true], ["gate", 302]);
  assert.deepEqual([first.index, last.index], [1, 0]);
  assert.ok(last.radius > first.radius);
});

test("a pointer means the nearest, a finger from further off", () => {
  const marks = shown(["gate", 300], ["gate", 306], ["yard", 300]);
  const { y } = marks[0];
  assert.equal(foundAt(marks, { x: 402, y, kind: "mouse" }), 0);
  assert.equal(foundAt(marks, { x: 404, y, kind: "mouse" }), 1);
  assert.equal(foundAt(marks, { x: 387, y, kind: "mouse" }), null);
  assert.equal(foundAt(marks, { x: 387, y, kind: "touch" }), 0);
  assert.equal(foundAt([], { x: 400, y, kind: "mouse" }), null);
});

test("a click on a mark chooses the answer, a drag from it scrubs", () => {
  const marks = shown(["gate", 300]);
  const { y } = marks[0];
  const place = { x: 400, y, kind: /** @type {const} */ ("mouse") };
  const target = targetAt(place, ROWS, SCALE, { from: 302, to: 500 }, null, marks);
  assert.equal(target, "found");
  const press = { ...place, id: 1, at: 0, target, select: false, middle: false };
  const gestures = new Gestures();
  assert.deepEqual(gestures.down(press), []);
  assert.deepEqual(gestures.up(press), [{ do: "found", x: 400, y, kind: "mouse" }]);
  gestures.down(press);
  assert.deepEqual(gestures.move({ ...press, x: 430 }), [{ do: "seek", x: 430, y, phase: "move" }]);
});
