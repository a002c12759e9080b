import assert from "node:assert/strict";
import { test } from "node:test";

import { itemOf, queryOf, rangeAddress } from "../../../pynvr/web/static/downloads/lists.js";
import { frameAddress, scrubAddress } from "../../../pynvr/web/static/shell/links.js";

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

test("a range's file holds all of it: its end is rounded up", () => {
  const from = Date.UTC(2026, 10, 21, 13, 7, 31) / 1000;
  const range = (to) => rangeAddress({ camera_id: "gate", from: from + 0.4, to }, "Europe/Berlin");
  assert.equal(range(from + 29), "/api/1/camera/gate.range.20261121.140731.to.20261121.1408.mp4");
  assert.equal(range(from + 28.2), "/api/1/camera/gate.range.20261121.140731.to.20261121.1408.mp4");
  assert.equal(range(from + 0.5), "/api/1/camera/gate.range.20261121.140731.to.20261121.140732.mp4");
});

test("addresses of other pages are short and whole", () => {
  assert.equal(scrubAddress({}), "/scrub");
  assert.equal(
    scrubAddress({ cameras: ["gate", "yard"], time: 5.12345, range: { from: 5, to: 9.5 } }),
    "/scrub?cams=gate,yard&t=5.123&in=5&out=9.5",
  );
  assert.equal(frameAddress("gate", 5.5, { width: 320, exact: true }), "/api/1/camera/gate/frame/5.500.jpg?width=320&exact=1");
});
