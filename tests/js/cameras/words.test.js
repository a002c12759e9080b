import assert from "node:assert/strict";
import { test } from "node:test";

import { factsOf, isTroubled, stateOf, summaryOf } from "../../../pynvr/web/static/cameras/words.js";

const NOW = Date.UTC(2026, 10, 21, 13, 7) / 1000;
const GATE = { id: "gate", name: "Gate", enabled: true, status: "recording", since: NOW - 300 };
const state = (changes) => stateOf({ ...GATE, ...changes }, "Europe/Berlin", NOW);
const fact = (changes, id) => factsOf({ ...GATE, ...changes }, "Europe/Berlin", NOW).find((found) => found.id === id);

test("a state is a sentence with its beginning, and its colour says whether it needs a person", () => {
  assert.deepEqual(state({}), { words: "recording since 14:02", tone: "good" });
  assert.deepEqual(state({ status: "unreachable" }), { words: "camera unreachable since 14:02", tone: "alert" });
  assert.deepEqual(state({ status: "schedule", since: NOW - 86_400 }), { words: "not scheduled since yesterday 14:07", tone: "" });
  assert.deepEqual(state({ status: "disabled" }), { words: "switched off", tone: "" });
  assert.deepEqual(state({ status: "PyNVR not running" }), { words: "PyNVR isn't running", tone: "alert" });
  assert.deepEqual(state({ status: "starting", since: null }), { words: "starting", tone: "warn" });
});

test("the summary counts who records and who needs a person", () => {
  const cameras = ["recording", "unreachable", "disabled", "schedule", "disk full"].map((status) => ({ ...GATE, status }));
  assert.equal(summaryOf(cameras), "5 cameras, 1 recording, 2 need attention");
  assert.equal(summaryOf([GATE]), "1 camera, 1 recording");
  assert.ok(!isTroubled({ ...GATE, status: "starting" }));
});

test("a frame rate that isn't the declared one is told with it", () => {
  assert.deepEqual(fact({ fps: 24.96, declared_fps: "25" }, "fps"), { id: "fps", title: "Frame rate", words: "25 fps" });
  const slow = fact({ fps: 12.4, declared_fps: "25" }, "fps");
  assert.deepEqual([slow.words, slow.warn], ["12.4 fps, says 25 fps", true]);
  assert.equal(fact({ fps: 12, declared_fps: 0 }, "fps").words, "12 fps");
});

test("rates of a camera that isn't recorded now aren't shown", () => {
  assert.equal(fact({ fps: 25, status: "stalled" }, "fps").words, "");
  assert.equal(fact({ kbps: 4000, status: "stalled" }, "kbps").words, "");
  assert.equal(fact({ kbps: 4000 }, "kbps").words, "4.0 Mbit/s");
});

test("what is stored is told by size and by how far back it reaches", () => {
  assert.equal(fact({ bytes: 0 }, "bytes").words, "nothing");
  assert.equal(fact({ bytes: 1.38e8 }, "bytes").words, "138 MB");
  assert.equal(fact({ first: NOW - 41 * 86_400 }, "first").words, "Sun 11 Oct 15:07 (41 days)");
  assert.equal(fact({ first: null }, "first").words, "nothing recorded");
});

test("a clock that goes wrong is told in seconds a day", () => {
  assert.equal(fact({ drift_ppm: 0.5, drift_over_s: 3600 }, "drift").words, "keeps time");
  assert.equal(fact({ drift_ppm: 40, drift_over_s: 3600 }, "drift").words, "gains 3 s a day");
  const bad = fact({ drift_ppm: -900, drift_over_s: 86_400 }, "drift");
  assert.deepEqual([bad.words, bad.warn], ["loses 1 min 18 s a day", true]);
});

test("of minutes, what a clock gained is told, and nothing of a day", () => {
  assert.equal(fact({ drift_ppm: 0, drift_over_s: 0 }, "drift").words, "");
  assert.equal(fact({ drift_ppm: 40, drift_over_s: 300 }, "drift").words, "keeps time so far");
  assert.equal(fact({ drift_ppm: -900, drift_over_s: 300 }, "drift").words, "lost 270 ms in 5 min");
  assert.equal(fact({ drift_ppm: 900, drift_over_s: 1800 }, "drift").words, "gained 1.6 s in 30 min");
});
