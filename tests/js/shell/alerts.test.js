import assert from "node:assert/strict";
import { test } from "node:test";

import { alertWords, countWords, kindName } from "../../../pynvr/web/static/shell/alert_words.js";

test("what was seen is named as a person would", () => {
  assert.equal(kindName("face"), "Face");
  assert.equal(kindName("number-plate"), "Number plate");
  assert.equal(kindName("left_bag"), "Left bag");
});

test("an alert says what, where and when; several how many and where", () => {
  const alert = { kind: "face", name: "Gate", clock: "14:02:11" };
  assert.equal(alertWords([alert]), "Face at Gate, 14:02:11");
  assert.equal(alertWords([alert, { ...alert, name: "Walk" }, alert]), "3 alerts: Gate, Walk");
});

test("the number beside the way to the alerts has an end, and none is nothing", () => {
  assert.deepEqual([0, 1, 999, 1000, 5000].map(countWords), ["", "1", "999", "999+", "999+"]);
});
