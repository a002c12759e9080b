import assert from "node:assert/strict";
import { test } from "node:test";

import { queryOf, readWish, reportOf, writeWish } from "../../../pynvr/web/static/incidents/wish.js";

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
