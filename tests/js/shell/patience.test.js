import assert from "node:assert/strict";
import { test } from "node:test";

import { Patience } from "../../../pynvr/web/static/shell/patience.js";

/** When it is asked, of moments three seconds apart. */
function asked(patience, about, until_s) {
  const found = [];
  for (let now_s = 0; now_s <= until_s; now_s += 3) if (patience.due(about(now_s), now_s)) found.push(now_s);
  return found;
}

test("what doesn't come is asked for ever less often, but never given up", () => {
  assert.deepEqual(asked(new Patience(3, 24), () => "gate", 120), [0, 3, 9, 21, 45, 69, 93, 117]);
});

test("what is new is asked for at once, and often again", () => {
  assert.deepEqual(asked(new Patience(3, 24), (now_s) => (now_s < 50 ? "gate,yard" : "yard"), 75), [0, 3, 9, 21, 45, 51, 54, 60, 72]);
});
