import assert from "node:assert/strict";
import { test } from "node:test";

import { correction, ticked } from "../../../pynvr/web/static/player/step.js";

test("small drift is left, larger drift is mended by a few percent of speed, a large one by a seek", () => {
  assert.deepEqual(correction(0.1, 1), { kind: "none" });
  assert.deepEqual(correction(0.2, 1), { kind: "rate", rate: 0.95 });
  assert.deepEqual(correction(-0.2, 2 / 2), { kind: "rate", rate: 1.05 });
  assert.deepEqual(correction(-1.2, 1), { kind: "seek" });
});

test("at speed the same drift passes sooner, so the bounds grow", () => {
  assert.deepEqual(correction(0.5, 4), { kind: "none" });
  assert.deepEqual(correction(3, 4), { kind: "rate", rate: 3.8 });
  assert.deepEqual(correction(-3, 16), { kind: "rate", rate: 16 });
});

test("a correction that has begun is finished", () => {
  assert.deepEqual(correction(0.1, 1, true), { kind: "rate", rate: 0.95 });
  assert.deepEqual(correction(0.02, 1, true), { kind: "none" });
});

test("the clock follows its leader, waits with it, and runs alone without one", () => {
  const state = { time: 100, passed_s: 0.1, speed: 1, leader: 100.09, waiting: false };
  assert.equal(ticked(state), 100.09);
  assert.equal(ticked({ ...state, leader: 100, waiting: true }), 100);
  assert.equal(ticked({ ...state, leader: null }), 100.1);
  assert.equal(ticked({ ...state, leader: null, speed: -2 }), 99.8);
});

test("the clock never goes back with its leader, nor over a hole that only the leader has", () => {
  const state = { time: 100, passed_s: 0.1, speed: 1, leader: 99.5, waiting: false };
  assert.equal(ticked(state), 100);
  assert.equal(ticked({ ...state, leader: 160 }), 100.1);
  assert.equal(ticked({ ...state, leader: 160, waiting: true }), 100);
  assert.equal(ticked({ ...state, leader: 110, speed: 16 }), 110);
});
