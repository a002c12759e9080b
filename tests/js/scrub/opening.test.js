import assert from "node:assert/strict";
import { test } from "node:test";

import { isYoung, openingMoment, openingView } from "../../../pynvr/web/static/scrub/opening.js";

const NOW = 1_795_000_000;
const extent = (...ranges) => ({
  days: [],
  ranges,
  first: ranges[0]?.[0] ?? null,
  last: ranges.at(-1)?.[1] ?? null,
});

test("it opens a little before the end of what is recorded", () => {
  assert.equal(openingMoment([extent([NOW - 9000, NOW]), extent([NOW - 9000, NOW - 3])]), NOW - 10);
});

test("it doesn't open before recording began, nor before the last of the cameras came", () => {
  const early = openingMoment([extent([NOW - 4, NOW]), extent([NOW - 2, NOW]), extent()]);
  assert.ok(early > NOW - 2 && early < NOW - 1, String(early - NOW));
});

test("a camera that ended long ago doesn't decide", () => {
  assert.equal(openingMoment([extent([NOW - 90_000, NOW - 80_000]), extent([NOW - 9000, NOW])]), NOW - 10);
});

test("nothing recorded has no moment", () => {
  assert.equal(openingMoment([extent(), extent()]), null);
  assert.equal(isYoung([extent()], NOW), false);
});

test("the first minute is seen as a whole, with room to grow; later the last hours", () => {
  const young = [extent([NOW - 5, NOW])];
  const { from, to } = openingView(young, NOW - 4, NOW);
  assert.ok(from < NOW - 5 && to > NOW + 60, `${from - NOW} ${to - NOW}`);
  assert.ok(isYoung(young, NOW));
  const old = [extent([NOW - 90_000, NOW])];
  const view = openingView(old, NOW - 10, NOW);
  assert.equal(view.to - view.from, 7200);
  assert.ok(view.to > NOW);
  assert.equal(isYoung(old, NOW), false);
});
