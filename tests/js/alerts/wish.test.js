import assert from "node:assert/strict";
import { test } from "node:test";

import { markOf, queryOf, readWish, writeWish } from "../../../pynvr/web/static/alerts/wish.js";

test("what nobody has viewed comes first, and the address says what else is wanted", () => {
  assert.deepEqual(readWish(""), { which: "new", camera: "", kind: "" });
  const wish = { which: "all", camera: "gate", kind: "face" };
  assert.deepEqual(readWish(writeWish(wish)), wish);
  assert.equal(writeWish(readWish("")), "");
});

test("the server is asked for just that", () => {
  assert.equal(queryOf(readWish(""), 60), "/api/alerts/?limit=60&viewed=false");
  assert.equal(queryOf(readWish("?which=all&camera=gate&kind=face"), 5), "/api/alerts/?limit=5&camera_ids=gate&kind=face");
});

test("all that the filter shows is marked, and nothing that came later", () => {
  assert.deepEqual(markOf(readWish("?camera=gate"), 7), { newest: 7, camera_ids: ["gate"] });
  assert.deepEqual(markOf(readWish(""), 7), { newest: 7 });
});
