import assert from "node:assert/strict";
import { test } from "node:test";

import { isMeant, rectangle, storedZones, withAdded, withMoved, withoutCorner, zonesOf } from "../../../pynvr/web/static/settings/zones.js";

const RECTANGLE = { x: 0.1, y: 0.2, width: 0.5, height: 0.25 };
const TRIANGLE = [
  [0, 0],
  [1, 0],
  [0.5, 1],
];

test("rectangles and polygons are shown, and stored as they were", () => {
  const zones = zonesOf([RECTANGLE, TRIANGLE]);
  assert.deepEqual(zones[0], [
    [0.1, 0.2],
    [0.6, 0.2],
    [0.6, 0.45],
    [0.1, 0.45],
  ]);
  assert.deepEqual(storedZones(zones), [RECTANGLE, TRIANGLE]);
  assert.deepEqual(zonesOf(undefined), []);
});

test("what isn't a zone isn't shown as one", () => {
  for (const wrong of ["all", [5], [[[0, 0], [1, 1]]], [{ x: 0, y: 0, width: 2, height: 1 }], [[[0, 0], [1, 0], [0, "1"]]]])
    assert.equal(zonesOf(wrong), null, JSON.stringify(wrong));
});

test("a corner stays inside the picture", () => {
  assert.deepEqual(withMoved([TRIANGLE], 0, 2, [1.4, -3])[0][2], [1, 0]);
});

test("a corner is added between two and taken away; with the third goes the zone", () => {
  const four = withAdded([TRIANGLE], 0, 2);
  assert.deepEqual(four[0][3], [0.25, 0.5]);
  assert.deepEqual(withoutCorner(four, 0, 3), [TRIANGLE]);
  assert.deepEqual(withoutCorner([TRIANGLE, rectangle([0, 0], [1, 1])], 0, 1), [rectangle([0, 0], [1, 1])]);
});

test("a rectangle is drawn from any corner, a slip of the hand is none", () => {
  assert.deepEqual(rectangle([0.6, 0.45], [0.1, 0.2]), zonesOf([RECTANGLE])[0]);
  assert.ok(isMeant(rectangle([0.1, 0.1], [0.2, 0.2])));
  assert.ok(!isMeant(rectangle([0.1, 0.1], [0.105, 0.5])));
});
