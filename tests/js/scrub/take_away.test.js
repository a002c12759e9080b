import assert from "node:assert/strict";
import { test } from "node:test";

import { marked, planAddress, rangeAddress, rangeOf, zipAddress } from "../../../pynvr/web/static/scrub/take_away.js";

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

test("a range's address is exact to the microsecond and has no zeros to spare", () => {
  const range = { from: 1795246050.25, to: 1795246060 };
  assert.equal(
    rangeAddress("gate", range, "close"),
    "/api/1/camera/gate.range.1795246050.25.to.1795246060.mp4?gaps=close",
  );
  assert.equal(
    planAddress("gate", range, "keep"),
    "/api/1/camera/gate.range.1795246050.25.to.1795246060.mp4?gaps=keep&plan=1",
  );
});

test("several cameras are one address", () => {
  assert.equal(
    zipAddress(["gate", "back yard"], { from: 1795246050.25, to: 1795246060 }, "keep"),
    "/api/1/range.zip?camera_ids=gate,back%20yard&from=1795246050.25&to=1795246060&gaps=keep",
  );
});
