// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { fillColumns, joinedGaps, marks, mostActive, recorded, runs, seen } from "../../../pynvr/web/static/timeline/columns.js";
import { dots } from "../../../pynvr/web/static/timeline/draw_marks.js";
import { paintRow, blended, channels, ink } from "../../../pynvr/web/static/timeline/row_image.js";
import { Scale } from "../../../pynvr/web/static/timeline/scale.js";
import { BUCKETS, NONE, tileSpan } from "../../../pynvr/web/static/timeline/tiles.js";
import { tile } from "./tile_fixture.js";

test("a second of activity stays visible in a month", () => {
  const resolution = 1_200;
  const activity = new Uint8Array(BUCKETS);
  activity[700] = 200;
  const one = tile(resolution, 1_000, { activity });
  for (const width of [300, 977, 1_500]) {
    const columns = new Uint8Array(width);
    const secondsPerPixel = tileSpan(resolution) / width;
    fillColumns([{ from: one.from, to: one.to, tile: one }], { from: one.from, secondsPerPixel }, columns);
    assert.equal(Math.max(...columns), 200, `${width} pixels`);
    assert.ok(columns.filter(Boolean).length <= Math.ceil(width / BUCKETS) + 1, `${width} pixels`);
  }
});

test("each bucket is as wide as its time when zoomed in, and stands where it was", () => {
  const activity = new Uint8Array(BUCKETS);
  activity[5] = 100;
  const one = tile(1, 1_000, { activity });
  const columns = new Uint8Array(100);
  fillColumns([{ from: one.from, to: one.from + 10, tile: one }], { from: one.from, secondsPerPixel: 0.1 }, columns);
  assert.deepEqual([columns[49], columns[50], columns[59], columns[60]], [0, 100, 100, 0]);
});

test("who points at a bar, or just beside it, is told how high it is; noise is no bar", () => {
  const activity = new Uint8Array(BUCKETS);
  [activity[5], activity[20]] = [127, 8];
  const one = tile(1, 1_000, { activity });
  const pieces = [{ from: one.from, to: one.to, tile: one }];
  assert.equal(mostActive(pieces, one.from + 3.2, one.from + 5.2), 0.5);
  assert.equal(mostActive(pieces, one.from + 6.2, one.from + 9.2), 0);
  assert.equal(mostActive(pieces, one.from + 19.5, one.from + 20.5), 0);
  assert.equal(mostActive([{ from: one.from, to: one.to, tile: null }], one.from, one.to), 0);
});

test("what wasn't recorded has no activity", () => {
  const one = tile(1, 1_000, { activity: new Uint8Array(BUCKETS).fill(NONE) });
  const columns = new Uint8Array(100).fill(9);
  fillColumns([{ from: one.from, to: one.to, tile: one }], { from: one.from, secondsPerPixel: 10 }, columns);
  assert.equal(Math.max(...columns), 0);
});

test("stretches become runs of pixels: short ones stay visible, close ones become one", () => {
  const scale = new Scale({ from: 0, to: 1_000 }, 0, 100);
  assert.deepEqual(runs([[100, 101], [105, 108], [500, 600], [990, 5_000]], scale, 0, 100), [[10, 12], [50, 60], [99, 100]]);
  assert.deepEqual(runs([[-500, -100], [2_000, 3_000]], scale, 0, 100), []);
});

test("a gap that a tile's border cuts is one gap", () => {
  const left = tile(10, 4);
  const right = tile(10, 5);
  left.gaps = [[left.to - 100, left.to, "stalled", ""]];
  right.gaps = [[right.from, right.from + 50, "stalled", ""], [right.from + 50, right.from + 60, "refused", ""]];
  const found = joinedGaps([left, right].map((each) => ({ from: each.from, to: each.to, tile: each })));
  assert.deepEqual(found.map(([start, end, cause]) => [start, end, cause]), [
    [left.to - 100, right.from + 50, "stalled"], [right.from + 50, right.from + 60, "refused"],
  ]);
});

test("a mark in two tiles is one mark", () => {
  const keep = { id: 3, start: 100, end: 100_000 };
  const two = [tile(10, 4, { keeps: [keep] }), tile(10, 5, { keeps: [keep] })];
  assert.deepEqual(marks(two.map((each) => ({ from: each.from, to: each.to, tile: each })), "keeps"), [keep]);
});

test("what is recorded ends where its piece does", () => {
  const one = tile(10, 4);
  one.spans = [[one.from, one.to]];
  assert.deepEqual(recorded([{ from: one.from + 5, to: one.from + 9, tile: one }]), [[one.from + 5, one.from + 9]]);
});

test("a row's pixels: bars stand on what is recorded, and on nothing else", () => {
  const inks = { loading: 1, empty: 2, recorded: 3, bar: 4, dim: 5 };
  const activity = new Uint8Array(BUCKETS);
  activity.set([254, 60, 254, 0, 0]);
  const one = tile(1, 1_000, { activity });
  one.spans = [[one.from, one.from + 2]];
  one.gaps = [[one.from + 3, one.from + 4, "unknown", ""]];
  const pixels = new Uint32Array(5 * 10);
  const view = { from: one.from, to: one.from + 5 };
  paintRow(pixels, 5, 10, new Scale(view, 0, 5), [{ from: one.from, to: one.from + 4, tile: one }], inks);
  const column = (/** @type {number} */ x) => Array.from({ length: 10 }, (_, y) => pixels[y * 5 + x]).join("");
  assert.deepEqual([0, 1, 2, 3, 4].map(column), ["3444444444", "3333333335", "2222222222", "1111111111", "1111111111"]);
});

test("colours become pixels", () => {
  assert.deepEqual(channels("rgb(1, 20, 255)"), [1, 20, 255]);
  assert.equal(ink([1, 2, 3]), 0xff030201);
  assert.deepEqual(blended([200, 0, 100], [0, 100, 100], 0.5), [100, 50, 100]);
});

test("what is being recorded is drawn up to now between two answers, but not for long", () => {
  const one = tile(1, 1_000);
  one.known = one.from + 100;
  one.spans = [[one.from, one.known]];
  const pieces = [{ from: one.from, to: one.to, tile: one }];
  assert.deepEqual(recorded(pieces, one.known + 4), [[one.from, one.known + 4]]);
  assert.deepEqual(recorded(pieces, one.known + 400), [[one.from, one.known]]);
  one.spans = [[one.from, one.known - 20]];
  assert.deepEqual(recorded(pieces, one.known + 4), [[one.from, one.known - 20]]);
});

test("what isn't known yet isn't drawn as missing", () => {
  const one = tile(1, 1_000);
  one.known = one.from + 50;
  const [width, height] = [100, 4];
  const inks = { loading: 1, empty: 2, recorded: 3, bar: 4, dim: 5 };
  const pixels = new Uint32Array(width * height);
  const scale = new Scale({ from: one.from, to: one.from + 100 }, 0, width);
  paintRow(pixels, width, height, scale, [{ from: one.from, to: one.to, tile: one }], inks, one.from + 60);
  assert.deepEqual([pixels[49], pixels[50], pixels[59]], [2, 1, 1]);
});

test("alerts in a few pixels are one dot, which is new if one of them is; new ones are drawn over others", () => {
  const scale = new Scale({ from: 0, to: 100 }, 0, 100);
  const alerts = [[10, true], [12, false], [30, false], [50, true]].map(([start, viewed], id) => ({ id, start, end: start, viewed }));
  assert.deepEqual(dots(alerts, scale), [{ x: 50, viewed: true }, { x: 10, viewed: false }, { x: 30, viewed: false }]);
});

test("what was detected is found in the pieces that hold it", () => {
  const one = tile(1, 1_000);
  one.detections = [[one.from + 5, one.from + 9, "motion"], [one.from + 7, one.from + 7, "face"]];
  assert.deepEqual(seen([{ from: one.from, to: one.to, tile: one }]), [[one.from + 5, one.from + 9], [one.from + 7, one.from + 7]]);
  assert.deepEqual(seen([{ from: one.from + 100, to: one.to, tile: one }]), []);
});
