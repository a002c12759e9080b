import assert from "node:assert/strict";
import { test } from "node:test";

import { covers, windowAt } from "../../../pynvr/web/static/player/window.js";

test("the window holds the instant with room before it, and neighbours share one", () => {
  for (const time of [1795246080, 1795246379.999, 1795246200.5]) {
    const { from, to } = windowAt(time);
    assert.ok(from <= time - 300 && time + 1000 < to, `${time}`);
  }
  assert.deepEqual(windowAt(1795246201), windowAt(1795246399));
});

test("what lies behind the end of a playlist isn't covered by it", () => {
  assert.equal(covers({ from: 0, to: 100, end: 60 }, 59), true);
  assert.equal(covers({ from: 0, to: 100, end: 60 }, 61), false);
  assert.equal(covers({ from: 0, to: 100, end: 200 }, 101), false);
});
