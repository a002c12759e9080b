// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { allowed, following, MAX_SPAN_S, MIN_SPAN_S, panned, Scale, zoomed } from "../../../pynvr/web/static/timeline/scale.js";

const NOW = 1_795_000_000;

test("pixels and instants turn into each other", () => {
  const scale = new Scale({ from: 1_000, to: 2_000 }, 90, 500);
  assert.equal(scale.x(1_500), 340);
  assert.equal(scale.time(340), 1_500);
  assert.equal(scale.timeInside(10), 1_000);
  assert.equal(scale.timeInside(9_999), 2_000);
});

test("what is under the pointer stays there when the wheel turns", () => {
  const view = { from: NOW - 7_200, to: NOW - 3_600 };
  const at = NOW - 6_000;
  const before = new Scale(view, 0, 1_000).x(at);
  for (const factor of [1.2, 1 / 1.2, 0.01]) {
    const after = new Scale(zoomed(view, factor, at, NOW), 0, 1_000).x(at);
    assert.ok(Math.abs(after - before) < 1e-3, `${factor}: ${before} → ${after}`);
  }
});

test("a view is never shorter than two seconds nor longer than a quarter", () => {
  let view = { from: NOW - 100, to: NOW - 50 };
  for (let turn = 0; turn < 100; turn++) view = zoomed(view, 1 / 1.2, NOW - 70, NOW);
  assert.ok(Math.abs(view.to - view.from - MIN_SPAN_S) < 1e-6);
  for (let turn = 0; turn < 200; turn++) view = zoomed(view, 1.2, NOW - 70, NOW);
  assert.ok(Math.abs(view.to - view.from - MAX_SPAN_S) < 1e-6);
});

test("nobody gets lost in the future", () => {
  const view = panned({ from: NOW - 1_000, to: NOW }, 5_000_000, NOW);
  assert.deepEqual(view, { from: NOW - 100, to: NOW + 900 });
  assert.equal(allowed({ from: -50, to: 50 }, NOW).from, 0);
});

test("zooming out doesn't fill the view with the future, and takes none away that was wanted", () => {
  let view = { from: NOW - 900, to: NOW + 100 };
  for (let turn = 0; turn < 20; turn++) view = zoomed(view, 1.2, NOW - 850, NOW);
  assert.ok(Math.abs((view.to - NOW) / (view.to - view.from) - 0.2) < 1e-6);
  const day = { from: NOW - 100, to: NOW + 900 };
  assert.deepEqual(zoomed(day, 1, NOW, NOW), day);
});

test("a playing cursor pushes the view on, without a jump", () => {
  const view = { from: NOW - 1_000, to: NOW };
  assert.equal(following(view, NOW - 500, NOW - 499, NOW), view);
  const moved = following(view, NOW - 150, NOW - 149, NOW);
  assert.deepEqual(moved, { from: NOW - 999, to: NOW + 1 });
});

test("a cursor that a person put near the end is held there, not pulled back", () => {
  const view = { from: NOW - 1_000, to: NOW };
  assert.deepEqual(following(view, NOW - 20, NOW - 18, NOW), { from: NOW - 998, to: NOW + 2 });
});

test("a cursor elsewhere is centred", () => {
  const view = { from: NOW - 1_000, to: NOW };
  assert.deepEqual(following(view, NOW - 500, NOW - 9_000, NOW), { from: NOW - 9_500, to: NOW - 8_500 });
});
