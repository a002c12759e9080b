// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { edges, joinedSpans, nearest, rises } from "../../../pynvr/web/static/timeline/search.js";

/** @param {string} letters `.` quiet, `-` uncertain, `#` active, `x` not recorded */
const drawn = (letters) => Uint8Array.from(letters, (letter) => ({ ".": 0, "-": 45, "#": 200, x: 255 })[letter] ?? 0);

test("a rise is the first active second after quiet", () => {
  assert.deepEqual(rises(drawn("......###.....##"), 1_000, 1), [1_006, 1_014]);
});

test("a flicker within an event isn't another one", () => {
  assert.deepEqual(rises(drawn(".....##..##.#..#....#"), 0, 1), [5, 20]);
});

test("what falls only to uncertain has not ended", () => {
  assert.deepEqual(rises(drawn(".....##-------##....."), 0, 1), [5]);
  assert.deepEqual(rises(drawn(".....----##....."), 0, 1), [9]);
});

test("a gap counts as quiet", () => {
  assert.deepEqual(rises(drawn("##xxxxxx##"), 0, 1), [0, 8]);
});

test("coarse buckets need one quiet one between", () => {
  assert.deepEqual(rises(drawn("#.#"), 0, 20), [0, 40]);
});

test("the nearest lies strictly beyond", () => {
  assert.equal(nearest([10, 20, 30], 20, 1), 30);
  assert.equal(nearest([10, 20, 30], 20, -1), 10);
  assert.equal(nearest([10, 20, 30], 30, 1), null);
});

test("spans that touch are one, and what was cut at the ends isn't an edge", () => {
  const spans = joinedSpans([[[0, 100], [150, 200]], [[200, 300]]]);
  assert.deepEqual(spans, [[0, 100], [150, 300]]);
  assert.deepEqual(edges(spans, 0, 300), [100, 150]);
});
