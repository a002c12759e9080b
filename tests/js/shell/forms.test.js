import assert from "node:assert/strict";
import { test } from "node:test";

import { checkedName, checkedPassword } from "../../../pynvr/web/static/shell/forms.js";

test("a name that is too long is refused with its length, not cut", () => {
  assert.equal(checkedName("  Eva "), "Eva");
  assert.equal(checkedName("😀".repeat(64)), "😀".repeat(64));
  assert.throws(() => checkedName("x".repeat(70)), { message: "The name may have 64 letters at most; this one has 70." });
});

test("a password is long enough and twice the same", () => {
  assert.equal(checkedPassword("password"), "password");
  assert.throws(() => checkedPassword("short"), /at least 8/);
  assert.throws(() => checkedPassword("password", "Password"), /differ/);
});
