import assert from "node:assert/strict";
import { test } from "node:test";

import { byDay } from "../../../pynvr/web/static/shell/by_day.js";

test("what is of one day stands together, in its order", () => {
  const days = byDay([{ time: 200 }, { time: 110 }, { time: 190 }, { time: 90 }], ({ time }) => `day ${Math.floor(time / 100)}`);
  assert.deepEqual(
    days.map(({ day, items }) => [day, items.map(({ time }) => time)]),
    [
      ["day 2", [200]],
      ["day 1", [110, 190]],
      ["day 0", [90]],
    ],
  );
});
