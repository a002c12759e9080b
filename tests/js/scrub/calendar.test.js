import assert from "node:assert/strict";
import { test } from "node:test";

import { dayByKey, monthBeside, readDay, weeksOf, writeDay } from "../../../pynvr/web/static/scrub/calendar.js";

test("a month is whole weeks from Monday on, and says which days are recorded", () => {
  const weeks = weeksOf({ year: 2026, month: 11 }, new Set(["20261121"]));
  assert.equal(weeks.length, 6);
  assert.deepEqual(
    weeks[0].map(({ day }) => day),
    [26, 27, 28, 29, 30, 31, 1],
  );
  assert.deepEqual(
    weeks
      .flat()
      .filter(({ recorded }) => recorded)
      .map(({ stamp }) => stamp),
    ["20261121"],
  );
  assert.equal(weeks.flat().filter(({ inside }) => inside).length, 30);
  assert.equal(weeksOf({ year: 2027, month: 2 }, new Set()).length, 4);
});

test("months go on over the year's end", () => {
  assert.deepEqual(monthBeside({ year: 2026, month: 12 }, 1), { year: 2027, month: 1 });
  assert.deepEqual(monthBeside({ year: 2026, month: 1 }, -1), { year: 2025, month: 12 });
});

test("arrows lead to days, pages to months", () => {
  assert.equal(dayByKey("20261130", "ArrowRight"), "20261201");
  assert.equal(dayByKey("20261101", "ArrowUp"), "20261025");
  assert.equal(dayByKey("20260331", "PageUp"), "20260228");
  assert.equal(dayByKey("20260331", "a"), null);
  assert.equal(writeDay(readDay("20260331")), "20260331");
});
