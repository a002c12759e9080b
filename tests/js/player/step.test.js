import assert from "node:assert/strict";
import { test } from "node:test";

import { correction, paceStep, paced, ticked } from "../../../pynvr/web/static/player/step.js";

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

test("the others go at the pace that the leader really makes", () => {
  let pace = 1;
  for (let tick = 0; tick < 100; tick += 1) pace = paced({ pace, made_s: 0.08, passed_s: 0.05, speed: 2 });
  assert.equal(paceStep(pace).toFixed(2), "0.80");
  assert.deepEqual(correction(0.2, 2, true, 0.8), { kind: "rate", rate: 2 * 0.8 * 0.95 });
  assert.equal(paced({ pace: 1, made_s: 0, passed_s: 1, speed: 1 }), 0.5);
  assert.equal(paced({ pace: 0.9, made_s: 0, passed_s: 0, speed: 1 }), 0.9);
});

test("ticks that scatter around the speed are no slower pace", () => {
  let pace = 1;
  for (let tick = 0; tick < 400; tick += 1)
    pace = paced({ pace, made_s: tick % 2 ? 0.028 : 0.005, passed_s: 0.0165, speed: 1 });
  assert.ok(pace > 0.975, `${pace}`);
});
