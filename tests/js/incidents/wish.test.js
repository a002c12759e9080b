import assert from "node:assert/strict";
import { test } from "node:test";

import { mistakesOf, queryOf, readWish, reportOf, writeWish } from "../../../pynvr/web/static/incidents/wish.js";

test("the address says what is looked for, and nothing else", () => {
  assert.equal(writeWish(readWish("")), "");
  const wish = { camera: "gate", state: "uploading,waiting", from: "2026-11-20", to: "" };
  assert.equal(writeWish(wish), "?camera=gate&state=uploading,waiting&from=2026-11-20");
  assert.deepEqual(readWish(writeWish(wish)), wish);
});

test("the server is asked for just that", () => {
  assert.equal(queryOf(readWish(""), { from: null, to: null }, 60), "/api/incidents?limit=60");
  assert.equal(
    queryOf(readWish("?camera=gate&state=uploading,waiting"), { from: 5, to: 9 }, 5),
    "/api/incidents?limit=5&camera_id=gate&status=uploading%2Cwaiting&from=5&to=9",
  );
});

test("what isn't filled in is the camera's own, and what is no number goes as it is", () => {
  const given = { camera: "gate", at: 5, before: "", after: " ", note: "" };
  assert.deepEqual(reportOf(given), { camera_id: "gate", incident_time: 5 });
  assert.deepEqual(reportOf({ ...given, before: "2,5", after: "ten", note: " fox " }), {
    camera_id: "gate",
    incident_time: 5,
    pre_seconds: 2.5,
    post_seconds: "ten",
    note: "fox",
  });
});

test("what is wrong is said of its field in a person's words", () => {
  const right = { at: 100, when: "", before: "", after: "3600", now: 100 };
  const wrong = (more) => mistakesOf({ ...right, ...more });
  assert.deepEqual(wrong({}), {});
  const side = "From 0 to 3600 seconds.";
  assert.deepEqual(wrong({ before: "5000", after: "ten" }), { before: side, after: side });
  assert.deepEqual(wrong({ before: "-1" }), { before: side });
  assert.match(wrong({ at: null, when: "soon" }).at, /“soon” can't be read as a time/);
  assert.deepEqual(wrong({ at: 100 + 7 * 86_400 }), {});
  assert.deepEqual(wrong({ at: 101 + 7 * 86_400 }), { at: "That is more than a week ahead." });
  assert.match(wrong({ before: "0", after: "0,0" }).after, /nothing is left/);
  assert.deepEqual(wrong({ before: "0", after: "" }), {});
});
