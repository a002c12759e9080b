import assert from "node:assert/strict";
import { test } from "node:test";

import { Distance, StreamClock, moveTo, toTrim } from "../../../pynvr/web/static/live/edge.js";

const one = (start, end) => [{ start, end }];

test("near the edge it plays on as it is", () => {
  assert.deepEqual(moveTo(one(0, 10), 9.9, 0.1), { seek: null, rate: 1 });
  assert.deepEqual(moveTo(one(0, 10), 9.8, 0.1), { seek: null, rate: 1 });
  assert.deepEqual(moveTo([], 0, 0.1), { seek: null, rate: 1 });
});

test("a little late it plays faster, the faster the later, within bounds", () => {
  const little = moveTo(one(0, 10), 9.5, 0.1);
  const more = moveTo(one(0, 10), 8.5, 0.1);
  assert.equal(little.seek, null);
  assert.ok(little.rate > 1 && more.rate > little.rate && more.rate <= 1.25);
});

test("far behind, before the first picture or in a hole it jumps to the edge", () => {
  for (const current of [0, 3, 7]) assert.deepEqual(moveTo(one(0, 10), current, 0.1), { seek: 9.9, rate: 1 });
  assert.deepEqual(moveTo([{ start: 0, end: 5 }, { start: 8, end: 8.05 }], 5, 0.1), { seek: 8, rate: 1 });
});

test("ahead of everything it comes back, but not for the rounding of a time", () => {
  assert.deepEqual(moveTo(one(0, 10), 11, 0.1), { seek: 9.9, rate: 1 });
  assert.equal(moveTo(one(0, 10), 10.05, 0.1).seek, null);
});

test("the past is let go in large pieces, and never the present", () => {
  assert.equal(toTrim(one(0, 10), 9), null);
  const old = toTrim(one(0, 20), 19);
  assert.deepEqual(old, { start: 0, end: 15 });
  assert.equal(toTrim([], 5), null);
});

test("it keeps further away after each time it ran dry, and comes nearer again when it goes well", () => {
  const distance = new Distance();
  const nearest = distance.seconds;
  distance.dry(100);
  distance.dry(101);
  const away = distance.seconds;
  assert.ok(away > nearest);
  distance.well(110);
  assert.equal(distance.seconds, away);
  for (let at = 130; at < 400; at += 21) distance.well(at);
  assert.ok(Math.abs(distance.seconds - nearest) < 1e-9);
  for (let n = 0; n < 50; n += 1) distance.dry(500 + n);
  assert.ok(distance.seconds <= 1);
});

test("the wall time of a moment is the one that was said for it", () => {
  const clock = new StreamClock();
  assert.ok(Number.isNaN(clock.wall(1)));
  clock.say(0, 1000);
  clock.say(10, 1500);
  assert.equal(clock.wall(4), 1004);
  assert.equal(clock.wall(10), 1510);
  clock.say(10, 1600);
  assert.equal(clock.wall(12), 1612);
  clock.clear();
  assert.ok(Number.isNaN(clock.wall(12)));
});
