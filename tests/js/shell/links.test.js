import assert from "node:assert/strict";
import { test } from "node:test";

import { frameAddress, planAddress, rangeAddress, scrubAddress, zipAddress } from "../../../pynvr/web/static/shell/links.js";

test("addresses of other pages are short and whole", () => {
  assert.equal(scrubAddress({}), "/scrub");
  assert.equal(
    scrubAddress({ cameras: ["gate", "yard"], time: 5.12345, range: { from: 5, to: 9.5 } }),
    "/scrub?cams=gate,yard&t=5.123&in=5&out=9.5",
  );
  assert.equal(frameAddress("gate", 5.5, { width: 320, exact: true }), "/api/1/camera/gate/frame/5.500.jpg?width=320&exact=1");
});

test("a range's address is exact to the microsecond and has no zeros to spare", () => {
  const range = { from: 1795246050.25, to: 1795246060 };
  assert.equal(
    rangeAddress("gate", range, "close"),
    "/api/1/camera/gate.range.1795246050.25.to.1795246060.mp4?gaps=close",
  );
  assert.equal(rangeAddress("gate", range), rangeAddress("gate", range, "close"), "what plays on its own");
  assert.equal(
    planAddress("gate", range, "keep"),
    "/api/1/camera/gate.range.1795246050.25.to.1795246060.mp4?gaps=keep&plan=1",
  );
});

test("several cameras are one address", () => {
  assert.equal(
    zipAddress(["gate", "back yard"], { from: 1795246050.25, to: 1795246060 }, "keep"),
    "/api/1/range.zip?camera_ids=gate,back%20yard&from=1795246050.25&to=1795246060&gaps=keep",
  );
});
