import assert from "node:assert/strict";
import { test } from "node:test";

import { itemOf, queryOf } from "../../../pynvr/web/static/downloads/lists.js";

test("stored files and keeps come in one form", () => {
  assert.deepEqual([itemOf({ id: 1, start: 5, end: 9, reason: "r" }).from, itemOf({ id: 1, start: 5, end: 9, reason: "r" }).words], [5, "r"]);
  assert.equal(itemOf({ id: "a", from: 5, to: 9 }).to, 9);
});

test("only what is asked for stands in the query", () => {
  const wish = { camera: "", from: null, to: null, limit: 50, offset: 0 };
  assert.equal(queryOf("keeps", wish), "/api/1/keeps?limit=50&offset=0");
  assert.equal(
    queryOf("keeps", { ...wish, camera: "gate", from: 1, to: 2 }),
    "/api/1/keeps?limit=50&offset=0&camera_ids=gate&from=1&to=2",
  );
});
