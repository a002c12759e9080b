import assert from "node:assert/strict";
import { test } from "node:test";

import { Recorded } from "../../../pynvr/web/static/player/recorded.js";
import { causeWords } from "../../../pynvr/web/static/shell/words.js";

const PIECE = 21600;
const T0 = 1000 * PIECE;

/** Two cameras; `gate` has a gap over the border of two pieces. */
function recorded(now = T0 + 3 * PIECE) {
  const state = { now, asked: [] };
  const spans = {
    gate: [
      [T0 + 100, T0 + PIECE - 60],
      [T0 + PIECE + 60, now],
    ],
    yard: [[T0, T0 + 500]],
  };
  const gaps = {
    gate: [[T0 + PIECE - 60, T0 + PIECE + 60, "unreachable", "no route"]],
    yard: [[T0 + 500, now, "disabled", ""]],
  };
  const clip = (list, from, to) =>
    list
      .filter(([start, end]) => end > from && start < to)
      .map(([start, end, ...more]) => [Math.max(start, from), Math.min(end, to, state.now), ...more]);
  const get = async (path) => {
    state.asked.push(path);
    const query = new URLSearchParams(path.split("?")[1]);
    const [from, to] = [Number(query.get("from")), Number(query.get("to"))];
    const cameras = Object.fromEntries(
      query
        .get("camera_ids")
        .split(",")
        .map((id) => [id, { spans: clip(spans[id], from, to), gaps: clip(gaps[id], from, to) }]),
    );
    return { now: state.now, timezone: "UTC", cameras };
  };
  return { state, spans, gaps, recorded: new Recorded(get, () => state.now * 1000) };
}

test("nothing is known before it was asked for, and then what is recorded and why not", async () => {
  const { recorded: it } = recorded();
  assert.equal(it.spanAt("gate", T0 + 200), undefined);
  await it.ensure(["gate", "yard"], T0 + 200);
  assert.deepEqual(it.spanAt("gate", T0 + 200), [T0 + 100, T0 + PIECE - 60]);
  assert.equal(it.spanAt("yard", T0 + 600), null);
  assert.equal(it.gapAt("yard", T0 + 600).cause, "disabled");
});

test("a gap in which PyNVR was stopped in order is called what the axis calls it", async () => {
  const { recorded: it, gaps } = recorded();
  gaps.yard = [
    [T0 + 500, T0 + 600, "PyNVR not running", "it was stopped"],
    [T0 + 600, T0 + 700, "PyNVR not running", "PyNVR was not running"],
  ];
  await it.ensure(["yard"], T0 + 550);
  assert.equal(causeWords(it.gapAt("yard", T0 + 550).cause), "PyNVR was stopped");
  assert.equal(causeWords(it.gapAt("yard", T0 + 650).cause), "PyNVR wasn't running");
});

test("a gap over the border of two pieces is one", async () => {
  const { recorded: it } = recorded();
  await it.ensure(["gate"], T0 + 200);
  await it.ensure(["gate"], T0 + PIECE + 200);
  const { start, end, cause } = it.gapAt("gate", T0 + PIECE + 1);
  assert.deepEqual([start, end, cause], [T0 + PIECE - 60, T0 + PIECE + 60, "unreachable"]);
  assert.equal(it.nextStart(["gate", "yard"], T0 + PIECE), T0 + PIECE + 60);
  assert.equal(it.lastBefore(["gate"], T0 + PIECE), T0 + PIECE - 60);
});

test("far recordings are found by what is known of all time", async () => {
  const { recorded: it } = recorded();
  it.setRanges("yard", [
    [T0 - 9 * PIECE, T0 - 8 * PIECE],
    [T0, T0 + 500],
  ]);
  assert.equal(it.nextStart(["yard"], T0 - 5 * PIECE), T0);
  assert.equal(it.lastBefore(["yard"], T0 - 5 * PIECE), T0 - 8 * PIECE);
});

test("a piece is asked for once, the one that is being recorded again", async () => {
  const { state, spans, recorded: it } = recorded(T0 + 3 * PIECE + 100);
  await it.ensure(["gate"], T0 + 3000);
  await it.ensure(["gate"], T0 + 3001);
  assert.equal(state.asked.length, 1);
  await it.ensure(["gate"], state.now - 50);
  state.now += 30;
  spans.gate[1][1] = state.now;
  const before = state.asked.length;
  await it.refresh(["gate"]);
  assert.equal(state.asked.length, before + 1);
  assert.equal(it.spanAt("gate", state.now - 1)[1], state.now);
});

test("a gap whose beginning nobody asked for doesn't pretend to know it, and learns it", async () => {
  const { spans, state, recorded: it } = recorded(T0 + 3 * PIECE - 100);
  spans.yard[0] = [T0, T0 + 500];
  const time = T0 + 2 * PIECE + 5000;
  await it.ensure(["yard"], time);
  assert.equal(it.gapAt("yard", time).start, 0);
  for (let turn = 0; turn < 4; turn += 1) {
    await it.ensure(["yard"], time);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(it.gapAt("yard", time).start, T0 + 500);
  assert.ok(state.asked.length <= 5, state.asked.join());
});

test("before the first recording nothing is asked for", async () => {
  const { spans, gaps, state, recorded: it } = recorded(T0 + 3 * PIECE - 100);
  gaps.yard = [[0, T0 + 2 * PIECE + 6000, "unknown", ""]];
  spans.yard = [[T0 + 2 * PIECE + 6000, state.now]];
  await it.ensure(["yard"], T0 + 2 * PIECE + 5000);
  assert.deepEqual(it.gapAt("yard", T0 + 2 * PIECE + 5000).start, 0);
  await it.ensure(["yard"], T0 + 2 * PIECE + 5000);
  assert.equal(state.asked.length, 1);
});

test("before the first recording the gap ends with it, however far that is, and not with what is loaded", async () => {
  const { spans, gaps, state, recorded: it } = recorded(T0 + 3 * PIECE - 100);
  const first = T0 + 2 * PIECE + 6000;
  gaps.yard = [[0, first, "unknown", ""]];
  spans.yard = [[first, state.now]];
  const long_before = T0 - 900 * PIECE + 5000;
  await it.ensure(["yard"], long_before);
  assert.equal(it.gapAt("yard", long_before).open, true);
  it.setRanges("yard", [[first, state.now]]);
  const { start, end, open } = it.gapAt("yard", long_before);
  assert.deepEqual([start, end, open], [0, first, false]);
  await it.ensure(["yard"], long_before);
  assert.equal(state.asked.length, 1);
});

test("a gap whose end nobody asked for is open, and learns it", async () => {
  const { spans, gaps, recorded: it } = recorded();
  gaps.yard = [[T0 + 500, T0 + 2 * PIECE + 60, "unreachable", ""]];
  spans.yard.push([T0 + 2 * PIECE + 60, T0 + 3 * PIECE]);
  await it.ensure(["yard"], T0 + 5000);
  assert.equal(it.gapAt("yard", T0 + 5000).open, true);
  for (let turn = 0; turn < 3; turn += 1) {
    await it.ensure(["yard"], T0 + 5000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { end, open } = it.gapAt("yard", T0 + 5000);
  assert.deepEqual([end, open], [T0 + 2 * PIECE + 60, false]);
});

test("what is newer than the last answer is asked for at once", async () => {
  const { spans, state, recorded: it } = recorded(T0 + 2 * PIECE + 5000);
  await it.ensure(["gate"], state.now - 10);
  state.now += 1;
  spans.gate[1][1] = state.now;
  await it.ensure(["gate"], state.now - 10);
  assert.equal(it.spanAt("gate", state.now - 0.1), null);
  await it.ensure(["gate"], state.now - 0.1);
  assert.ok(it.spanAt("gate", state.now - 0.1));
});
