import assert from "node:assert/strict";
import { test } from "node:test";

import { targetState } from "../../../pynvr/web/static/system/notified_words.js";

const TARGET = { name: "hook", kind: "webhook", sent: 0, waiting: 0, given_up: 0, last_success: null, last_error: null, error: "" };
const words = (/** @type {object} */ changes) => targetState({ ...TARGET, ...changes }).words;

test("a target's state follows from its last success and its last error", () => {
  assert.equal(words({}), "nothing to tell yet");
  assert.equal(words({ waiting: 1 }), "is being told");
  assert.equal(words({ last_success: 5, last_error: 4 }), "takes messages");
  assert.equal(words({ last_success: 4, last_error: 5 }), "failed the last time");
  assert.equal(words({ last_success: 4, last_error: 5, waiting: 2 }), "takes no messages");
  assert.equal(words({ last_error: 5, waiting: 2 }), "takes no messages");
  assert.equal(targetState({ ...TARGET, last_error: 5, waiting: 2 }).tone, "alert");
});
