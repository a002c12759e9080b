import assert from "node:assert/strict";
import { test } from "node:test";

import { gapWords } from "../../../pynvr/web/static/player/causes.js";

const HOUR = 3600;
const formats = {
  now: 50 * HOUR,
  clock: (time) => new Date(time * 1000).toISOString().slice(11, 16),
  day: (time) => `day ${Math.floor(time / 86400)}`,
};
const words = (start, end, cause = "unreachable") => gapWords({ start, end, cause, detail: "" }, formats);

test("a gap says why and from when to when", () => {
  assert.equal(words(26 * HOUR, 26.1 * HOUR), "camera unreachable 02:00–02:06");
});

test("a gap that lasts has no end yet", () => {
  assert.equal(words(49 * HOUR, 50 * HOUR), "camera unreachable since 01:00");
});

test("the day is named where it is another one", () => {
  assert.equal(words(23 * HOUR, 25 * HOUR), "camera unreachable day 0 23:00–day 1 01:00");
  assert.equal(words(30 * HOUR, 50 * HOUR), "camera unreachable since day 1 06:00");
});

test("where a gap's end isn't known, no time is told for it", () => {
  const open = (start, cause) => gapWords({ start, end: 30 * HOUR, cause, detail: "", open: true }, formats);
  assert.equal(open(0, "unknown"), "nothing recorded here");
  assert.equal(open(0, "unreachable"), "camera unreachable");
  assert.equal(open(26 * HOUR, "unreachable"), "camera unreachable from day 1 02:00");
  assert.equal(open(49 * HOUR, "unreachable"), "camera unreachable from 01:00");
});

test("before the first recording there is only nothing", () => {
  assert.equal(words(0, 50 * HOUR, "unknown"), "nothing recorded yet");
  assert.equal(words(0, 49 * HOUR, "unknown"), "nothing recorded before 01:00");
  assert.equal(words(0, 30 * HOUR, "unknown"), "nothing recorded before day 1 06:00");
  // Today's clock alone would be taken for that of the day that is looked at.
  const before = { start: 0, end: 49 * HOUR, cause: "unknown", detail: "" };
  assert.equal(gapWords(before, { ...formats, at: 5 * HOUR }), "nothing recorded before day 2 01:00");
});
