import assert from "node:assert/strict";
import { test } from "node:test";

import { marked, rangeOf } from "../../../pynvr/web/static/scrub/take_away.js";

test("two marks are a range whichever was set first; one takes the usual length", () => {
  assert.equal(rangeOf(null, null), null);
  assert.deepEqual(rangeOf(100, 160), { from: 100, to: 160 });
  assert.deepEqual(rangeOf(160, 100), { from: 100, to: 160 });
  assert.deepEqual(rangeOf(100, null), { from: 100, to: 130 });
  assert.deepEqual(rangeOf(null, 100), { from: 70, to: 100 });
});

test("a mark on the wrong side of the other one begins anew", () => {
  assert.deepEqual(marked({ markIn: 100, markOut: 160 }, "in", 120), { markIn: 120, markOut: 160 });
  assert.deepEqual(marked({ markIn: 100, markOut: 160 }, "in", 170), { markIn: 170, markOut: null });
  assert.deepEqual(marked({ markIn: 100, markOut: 160 }, "out", 90), { markIn: null, markOut: 90 });
});
