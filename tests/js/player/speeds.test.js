import assert from "node:assert/strict";
import { test } from "node:test";

import { faster, learned, mannerOf, readSpeed, slower, speedText } from "../../../pynvr/web/static/player/speeds.js";

test("L goes up the ladder and stays at its end", () => {
  const reached = [1];
  for (let press = 0; press < 5; press += 1) reached.push(faster(reached.at(-1)));
  assert.deepEqual(reached, [1, 2, 4, 8, 16, 16]);
  assert.equal(faster(0.25), 1);
  assert.equal(faster(-1), 1);
});

test("J goes down, and from normal speed straight into reverse", () => {
  assert.deepEqual([16, 2, 1, 0.5, -1, -16].map(slower), [8, 1, -1, -1, -2, -16]);
});

test("a speed in an address is one of the ladder's or 1", () => {
  assert.deepEqual(["4", "-2", "0.25", "3", "", null, "16e9"].map(readSpeed), [4, -2, 0.25, 1, 1, 1, 1]);
});

test("speeds are written as people write them", () => {
  assert.deepEqual([0.25, 0.5, 1, 16, -4].map(speedText), ["¼×", "½×", "1×", "16×", "−4×"]);
});

test("the large camera plays at every speed that the machine can hold, the others step when it gets too much", () => {
  const manner = (speed, chosen, playing, able = Infinity) => mannerOf({ speed, chosen, playing, able });
  assert.equal(manner(16, true, 4), "play");
  assert.equal(manner(16, false, 4), "keyframes");
  assert.equal(manner(4, false, 4), "play");
  assert.equal(manner(1, false, 16), "play");
  assert.equal(manner(16, true, 1, 8), "keyframes");
  assert.equal(manner(-1, true, 1), "frames");
  assert.equal(manner(-8, true, 1), "keyframes");
  assert.equal(manner(-1, false, 2), "keyframes");
});

test("a speed that wasn't reached isn't tried again", () => {
  assert.equal(learned({ able: Infinity, speed: 16, reached: 15 }), Infinity);
  assert.equal(learned({ able: Infinity, speed: 16, reached: 9 }), 8);
  assert.equal(learned({ able: 4, speed: 8, reached: 3 }), 4);
  assert.equal(learned({ able: Infinity, speed: 1, reached: 0.1 }), Infinity);
});
