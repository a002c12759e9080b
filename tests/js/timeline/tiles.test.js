// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { TileCache } from "../../../pynvr/web/static/timeline/tile_cache.js";
import {
  activityBytes, batches, BUCKETS, cut, keyOf, LADDER, NONE, pieces, resolutionFor, tileIndices, tileSpan,
} from "../../../pynvr/web/static/timeline/tiles.js";
import { tile } from "./tile_fixture.js";

test("each pixel has a bucket of its own, and not many more", () => {
  for (let secondsPerPixel = 1; secondsPerPixel < 20_000; secondsPerPixel *= 1.3) {
    const resolution = resolutionFor(secondsPerPixel);
    assert.ok(resolution <= secondsPerPixel * 1.01 && secondsPerPixel / resolution <= 3.01, `${secondsPerPixel}`);
  }
  assert.equal(resolutionFor(0.001), 1);
  assert.equal(resolutionFor(60), 60);
});

test("a view needs few tiles at every zoom", () => {
  for (let span = 2; span < 92 * 86_400; span *= 1.3) {
    const resolution = resolutionFor(span / 1_500);
    assert.ok(tileIndices(resolution, 1e9, 1e9 + span).length <= 6, `${span} s`);
  }
});

test("an end that touches the next tile doesn't need it", () => {
  const span = tileSpan(60);
  assert.deepEqual(tileIndices(60, 5 * span, 7 * span), [5, 6]);
  assert.deepEqual(tileIndices(60, 5 * span, 7 * span + 1), [5, 6, 7]);
});

test("missing neighbours are asked for together, other cameras and far ones apart", () => {
  const address = (/** @type {string} */ cameraId, /** @type {number} */ index) => ({ cameraId, resolution: 10, index });
  const span = tileSpan(10);
  assert.deepEqual(batches([address("a", 4), address("b", 4), address("a", 3), address("b", 3)]), [
    { resolution: 10, from: 3 * span, to: 5 * span, cameraIds: ["a", "b"], indices: [3, 4] },
  ]);
  const found = batches([address("a", 3), address("a", 4), address("b", 4), address("a", 9)]);
  assert.deepEqual(found.map(({ cameraIds, indices }) => [cameraIds.join(), indices.join()]), [["a", "3"], ["a,b", "4"], ["a", "9"]]);
});

test("an answer is cut into tiles, and what crosses a border is in both", () => {
  const span = tileSpan(10);
  const [batch] = batches([{ cameraId: "a", resolution: 10, index: 1 }, { cameraId: "a", resolution: 10, index: 2 }]);
  const border = 2 * span;
  const activity = Array.from({ length: 2 * BUCKETS }, (_, index) => (index < BUCKETS ? 0 : 1));
  const [first, second] = cut(batch, {
    from: span, to: 3 * span, resolution: 10, timezone: "UTC", now: 1e9,
    cameras: {
      a: {
        spans: [[border - 50, border + 70]], activity,
        gaps: [[border + 70, border + 90, "stalled", ""], [border + 90, border + 95, "PyNVR not running", "it was stopped"]],
        keeps: [{ id: 1, start: border - 5, end: border + 5 }], tags: [{ id: 2, start: border, end: border, label: "x" }],
      },
    },
  }, 7);
  assert.deepEqual([first.spans, second.spans], [[[border - 50, border]], [[border, border + 70]]]);
  assert.deepEqual(first.gaps, []);
  assert.deepEqual(second.gaps.map(([start, end, cause]) => [start - border, end - border, cause]), [
    [70, 90, "stalled"], [90, 95, "PyNVR stopped"],
  ]);
  assert.equal(first.activity.length, BUCKETS);
  assert.deepEqual([first.activity[BUCKETS - 1], second.activity[0]], [0, 254]);
  assert.deepEqual([first.keeps.length, second.keeps.length], [1, 1]);
  assert.deepEqual([first.tags.length, second.tags.length], [0, 1]);
  assert.deepEqual([first.known, first.loadedAt], [1e9, 7]);
});

test("a camera that the server leaves out gets empty tiles, so that it isn't asked for without end", () => {
  const [batch] = batches([{ cameraId: "gone", resolution: 10, index: 1 }]);
  const [only] = cut(batch, { from: batch.from, to: batch.to, resolution: 10, timezone: "UTC", now: 0, cameras: {} }, 0);
  assert.deepEqual([only.cameraId, only.spans, only.activity.length], ["gone", [], 0]);
});

test("activity comes as base64 or as numbers", () => {
  assert.deepEqual([...activityBytes(btoa("\x00\x80\xff"))], [0, 128, NONE]);
  assert.deepEqual([...activityBytes([0, 0.5, null, 1, 7])], [0, 127, NONE, 254, 254]);
});

test("a coarser tile stands in until the finer one is there", () => {
  const cache = new TileCache(100);
  const span = tileSpan(60);
  const coarse = tile(300, 2);
  cache.set(keyOf({ cameraId: "a", resolution: 300, index: 2 }), coarse);
  const from = coarse.from + 100;
  const get = (/** @type {string} */ key) => cache.get(key);
  assert.deepEqual(pieces(get, "a", from, from + span, 60).map((piece) => piece.tile?.resolution), [300]);
  const index = Math.floor(from / span);
  cache.set(keyOf({ cameraId: "a", resolution: 60, index }), tile(60, index));
  const found = pieces(get, "a", from, from + span, 60);
  assert.deepEqual(found.map((piece) => piece.tile?.resolution), [60, 300]);
  assert.deepEqual([found[0].from, found[0].to, found[1].to], [from, found[1].from, from + span]);
});

test("finer tiles stand in too, and what nobody has is nobody's", () => {
  const cache = new TileCache(100);
  cache.set(keyOf({ cameraId: "a", resolution: 5, index: 10 }), tile(5, 10));
  const { from, to } = tile(5, 10);
  const found = pieces((key) => cache.get(key), "a", from - 500, to + 500, 10);
  assert.deepEqual(found.map((piece) => [piece.from, piece.to, piece.tile?.resolution ?? null]), [
    [from - 500, from, null], [from, to, 5], [to, to + 500, null],
  ]);
});

test("the pieces of a view follow each other without gap or overlap, whatever is loaded", () => {
  const cache = new TileCache(1_000);
  for (let number = 0; number < 60; number++) {
    const resolution = LADDER[(number * 7) % LADDER.length];
    const index = Math.floor(1_790_000_000 / tileSpan(resolution)) + ((number * 3) % 5) - 2;
    cache.set(keyOf({ cameraId: "a", resolution, index }), tile(resolution, index));
  }
  for (let span = 2; span < 8e6; span *= 1.7) {
    const from = 1_790_000_000 - span / 3;
    const found = pieces((key) => cache.peek(key), "a", from, from + span, resolutionFor(span / 1_500));
    assert.equal(found[0].from, from);
    assert.equal(found[found.length - 1].to, from + span);
    found.slice(1).forEach((piece, number) => assert.equal(piece.from, found[number].to));
  }
});

test("the cache drops what wasn't looked at for longest", () => {
  const cache = new TileCache(2);
  cache.set("1", tile(1, 1));
  cache.set("2", tile(1, 2));
  cache.get("1");
  cache.set("3", tile(1, 3));
  assert.deepEqual(["1", "2", "3"].map((key) => cache.peek(key) !== undefined), [true, false, true]);
  assert.equal(cache.size, 2);
});
