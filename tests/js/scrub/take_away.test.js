import assert from "node:assert/strict";
import { test } from "node:test";

import { lostMark, marked, rangeOf } from "../../../pynvr/web/static/scrub/take_away.js";

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

test("a mark that another one takes along isn't lost in silence", () => {
  const lost = (before, which, time) => lostMark(before, marked(before, which, time));
  assert.match(lost({ markIn: 100, markOut: null }, "out", 90), /^In wasn't before/);
  assert.match(lost({ markIn: 100, markOut: 160 }, "in", 170), /^Out wasn't after/);
  assert.equal(lost({ markIn: 100, markOut: 160 }, "out", 120), "");
  assert.equal(lost({ markIn: null, markOut: null }, "in", 120), "");
});
