import assert from "node:assert/strict";
import { test } from "node:test";

import { marksWords } from "../../../pynvr/web/static/scrub/marks_words.js";

const ZONE = "Europe/Vienna";
/** 22 Nov 2026, 12:00 in Vienna. */
const NOON = 1_795_345_200;

test("a range says its ends, its length and its size in two lines", () => {
  const marks = { markIn: NOON, markOut: NOON + 90 };
  const words = marksWords(marks, { from: NOON, to: NOON + 90 }, ZONE, "138 MB");
  assert.deepEqual(words, { clocks: "12:00:00 – 12:01:30", extent: "1 min 30 s · 138 MB" });
});

test("a mark without its other end says that it stands for 30 seconds", () => {
  const alone = marksWords({ markIn: NOON, markOut: null }, { from: NOON, to: NOON + 30 }, ZONE, "");
  assert.deepEqual(alone, { clocks: "12:00:00 – 12:00:30", extent: "30 s, no Out yet" });
  const out = marksWords({ markIn: null, markOut: NOON }, { from: NOON - 30, to: NOON }, ZONE, "1.2 MB");
  assert.equal(out.extent, "30 s, no In yet · 1.2 MB");
});

test("over midnight both days are named, without seconds, so that the line stays short", () => {
  const [from, to] = [NOON + 11 * 3600, NOON + 13 * 3600];
  const { clocks } = marksWords({ markIn: from, markOut: to }, { from, to }, ZONE, "");
  assert.equal(clocks, "22 Nov 23:00 – 23 Nov 01:00");
});
