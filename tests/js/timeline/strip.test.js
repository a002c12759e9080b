// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { grid, place } from "../../../pynvr/web/static/timeline/card_place.js";
import { Latest } from "../../../pynvr/web/static/timeline/latest.js";
import { framePath, Pictures, thumbnailPath } from "../../../pynvr/web/static/timeline/pictures.js";
import { cells, firstShown, indexAt, thinned } from "../../../pynvr/web/static/timeline/strip_plan.js";

test("cells fill the strip without a rest", () => {
  for (const width of [320, 390, 1_000, 1_456]) {
    const { count, pitch, cell } = cells(width);
    assert.ok(Math.abs(count * pitch - 4 - width) < 1e-6);
    assert.ok(cell > 70 && cell < 190, `${width}: ${cell}`);
  }
});

test("the strip stands still while the current cell is well inside", () => {
  assert.equal(firstShown(null, 12, null, 100), 94);
  assert.equal(firstShown(94, 12, 100, 101), 94);
  assert.equal(firstShown(94, 12, 104, 105), 99, "playing reached the end");
});

test("a click on what is seen doesn't move the strip, a leap elsewhere does", () => {
  assert.equal(firstShown(94, 12, 100, 105), 94);
  assert.equal(firstShown(94, 12, 100, 300), 294);
});

test("who has turned the strip away isn't pulled back by playing", () => {
  assert.equal(firstShown(50, 12, 100, 100), 50);
  assert.equal(firstShown(50, 12, 100, 101), 50);
});

test("keyframes are thinned to the view's length, never below one", () => {
  const every2s = Array.from({ length: 60 }, (_, index) => index * 2);
  assert.deepEqual(thinned(every2s, 60, 10).slice(0, 3), [0, 6, 12]);
  assert.deepEqual(thinned(every2s, 2, 10), every2s);
  assert.deepEqual(thinned([5], 60, 10), [5]);
});

test("the keyframe that is shown is the last one that has begun", () => {
  assert.deepEqual([-1, 0, 3.9, 4, 100].map((t) => indexAt([0, 2, 4], t)), [-1, 0, 1, 2, 2]);
});

test("the card stands above the axis, below only where there is no room, and never leaves the page", () => {
  const axis = { left: 0, top: 400, bottom: 520 };
  const page = { width: 1_000, height: 900 };
  assert.deepEqual(place({ width: 300, height: 200 }, axis, page, 500, false), { left: 350, top: 192 });
  assert.deepEqual(place({ width: 300, height: 200 }, axis, page, 10, false).left, 6);
  assert.deepEqual(place({ width: 300, height: 200 }, axis, page, 990, false).left, 694);
  assert.equal(place({ width: 300, height: 200 }, { ...axis, top: 100, bottom: 220 }, page, 500, false).top, 228);
  assert.ok(place({ width: 300, height: 200 }, axis, page, 500, true).top < 192 - 30, "room for the finger's time");
  assert.ok(grid(16, 1_400).columns === 4 && grid(1, 300).width <= 276);
});

test("of wishes that come during a work only the last is done", async () => {
  /** @type {(() => void)[]} */
  const open = [];
  /** @type {number[]} */
  const done = [];
  const latest = new Latest(async (/** @type {number} */ wish) => {
    done.push(wish);
    await new Promise((resolve) => open.push(() => resolve(undefined)));
  });
  for (const wish of [1, 2, 3]) latest.wish(wish);
  open.shift()?.();
  await new Promise(setImmediate);
  assert.deepEqual(done, [1, 3]);
  latest.wish(4);
  latest.drop();
  open.shift()?.();
  await new Promise(setImmediate);
  assert.deepEqual([done, latest.busy], [[1, 3], false]);
});

test("a picture is asked for once, a missing one again after a while", async (context) => {
  /** @type {string[]} */
  const asked = [];
  let at = 0;
  context.mock.method(performance, "now", () => at);
  const pictures = new Pictures({
    fetch: async (path) => {
      asked.push(path);
      return new Response("x", { status: path === "/there" ? 200 : 404 });
    },
  });
  const src = await pictures.load("/there");
  assert.match(src ?? "", /^blob:/);
  assert.equal(await pictures.load("/there"), src);
  assert.equal(await pictures.load("/gone"), null);
  assert.equal(await pictures.load("/gone"), null);
  assert.deepEqual(asked, ["/there", "/gone"]);
  at = 30_000;
  await pictures.load("/gone");
  assert.deepEqual(asked, ["/there", "/gone", "/gone"]);
  pictures.clear();
});

test("paths are those of the interface", () => {
  assert.equal(thumbnailPath("front door", "20261121.1407"), "/api/1/camera/front%20door.thumbnail.20261121.1407.jpg");
  assert.equal(framePath("gate", 1_795_270_119.87, 320), "/api/1/camera/gate/frame/1795270119.8.jpg?width=320&exact=0");
});
