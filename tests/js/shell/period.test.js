import assert from "node:assert/strict";
import { test } from "node:test";

import { periodOf } from "../../../pynvr/web/static/shell/period.js";

const NOW = Date.UTC(2026, 5, 10, 12) / 1000;
const midnight = (/** @type {number} */ day) => Date.UTC(2026, 5, day) / 1000;

test("the day that is named last belongs to the period", () => {
  assert.deepEqual(periodOf({ from: "2026-06-01", to: "2026-06-03" }, "UTC", NOW), { from: midnight(1), to: midnight(4) });
  assert.deepEqual(periodOf({ from: "2026-06-03", to: "2026-06-03" }, "UTC", NOW), { from: midnight(3), to: midnight(4) });
});

test("a day that isn't chosen is no bound", () => {
  assert.deepEqual(periodOf({ from: "", to: "" }, "UTC", NOW), { from: null, to: null });
});
