// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { framesInWords, hasChanged } from "../../../pynvr/web/static/captures/standing.js";

test("a capture that was shown as running and has ended changes the page", () => {
  const captures = [
    { id: "2", runs: true },
    { id: "1", runs: false },
  ];
  assert.equal(hasChanged(["2"], captures), false);
  assert.equal(hasChanged(["1", "2"], captures), true);
  assert.equal(hasChanged(["3"], captures), true);
  assert.equal(hasChanged([], captures), false);
});

test("one frame is no frames", () => {
  assert.equal(framesInWords(1), "1 frame looked at");
  assert.equal(framesInWords(0), "0 frames looked at");
});
