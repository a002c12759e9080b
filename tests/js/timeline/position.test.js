// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { Position } from "../../../pynvr/web/static/timeline/position.js";

const NOW = 1_795_000_000;
const PLAYING = { follow: true, reveal: false, held: false };

function position() {
  return new Position({ from: NOW - 1_000, to: NOW }, NOW - 500, () => NOW);
}

test("playing keeps the cursor in view", () => {
  const it = position();
  for (let t = NOW - 500; t < NOW + 400; t += 7) it.setCursor(t, PLAYING);
  assert.ok(it.isSeen(it.cursor));
  assert.ok(it.view.from > NOW - 1_000);
});

test("playing never moves the view while a pointer is down", () => {
  const it = position();
  const before = { ...it.view };
  for (const t of [NOW - 20, NOW + 300, NOW - 9_000]) it.setCursor(t, { ...PLAYING, held: true, reveal: true });
  assert.deepEqual(it.view, before);
});

test("who looks elsewhere isn't pulled back by a playing clock", () => {
  const it = position();
  it.pan(-50_000);
  const before = { ...it.view };
  it.setCursor(NOW - 499, PLAYING);
  assert.deepEqual([it.view, it.strayed], [before, true]);
});

test("following goes on once the cursor is seen again, or was asked for", () => {
  const it = position();
  it.pan(-50_000);
  it.setCursor(NOW - 498, { follow: false, reveal: true, held: false });
  assert.deepEqual([it.isSeen(it.cursor), it.strayed], [true, false]);
  it.pan(-50_000);
  it.pan(50_000);
  assert.equal(it.strayed, false);
});

test("a new selection runs from where it began, to both sides", () => {
  const it = position();
  it.select(100, "new", "begin");
  it.select(160, "new", "move");
  assert.deepEqual(it.selection, { from: 100, to: 160 });
  it.select(40, "new", "end");
  assert.deepEqual(it.selection, { from: 40, to: 100 });
});

test("a handle moves its own end, also past the other", () => {
  const it = position();
  it.setSelection({ from: 200, to: 100 });
  assert.deepEqual(it.selection, { from: 100, to: 200 });
  assert.equal(it.select(103, "from", "begin"), false, "taking hold changes nothing");
  it.select(150, "from", "move");
  assert.deepEqual(it.selection, { from: 150, to: 200 });
  it.select(250, "from", "end");
  assert.deepEqual(it.selection, { from: 200, to: 250 });
});

test("keys zoom around the cursor, or the middle where it isn't seen", () => {
  const it = position();
  assert.equal(it.pivot, NOW - 500);
  it.cursor = 5;
  assert.equal(it.pivot, NOW - 500);
  it.cursor = NOW - 900;
  it.zoom(0.5, it.pivot);
  assert.deepEqual(it.view, { from: NOW - 950, to: NOW - 450 });
});
