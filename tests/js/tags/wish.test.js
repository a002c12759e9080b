import assert from "node:assert/strict";
import { test } from "node:test";

import { bodyOf, queryOf, rangeOf, readWish, writeWish } from "../../../pynvr/web/static/tags/wish.js";

test("the address says what is looked for, and nothing else", () => {
  assert.equal(writeWish(readWish("")), "");
  const wish = { q: "post & co", camera: "gate", from: "2026-11-20", to: "2026-11-21" };
  assert.deepEqual(readWish(writeWish(wish)), wish);
  assert.equal(writeWish({ ...readWish(""), q: "  " }), "");
});

test("the server is asked for the newest of just that", () => {
  const none = { from: null, to: null };
  assert.equal(queryOf(readWish(""), none, 60), "/api/1/tags?order=newest&limit=60");
  assert.equal(
    queryOf(readWish("?q= a+b&camera=gate"), { from: 5, to: 9 }, 5),
    "/api/1/tags?order=newest&limit=5&q=a+b&camera_ids=gate&from=5&to=9",
  );
});

test("a moment is taken away with what is around it, a range as it is", () => {
  assert.deepEqual(rangeOf({ start: 100, end: 100 }), { from: 85, to: 115 });
  assert.deepEqual(rangeOf({ start: 100, end: 160 }), { from: 100, to: 160 });
});

test("a tag is made of a moment or of a range", () => {
  const given = { camera: "gate", label: " fox ", at: 5, until: null };
  assert.deepEqual(bodyOf(given), { camera_id: "gate", label: "fox", time: 5 });
  assert.deepEqual(bodyOf({ ...given, until: 9 }), { camera_id: "gate", label: "fox", from: 5, to: 9 });
});
