import assert from "node:assert/strict";
import { test } from "node:test";

import { joined } from "../../../pynvr/web/static/live/player.js";
import { PICTURE, readMessage } from "../../../pynvr/web/static/shell/wire.js";

const bytes = (...values) => new Uint8Array(values).buffer;
const INIT = 1;
const GATE = [4, 103, 97, 116, 101];

test("kind, camera and data are read", () => {
  const message = readMessage(bytes(INIT, ...GATE, 9, 8, 7));
  assert.equal(message.kind, INIT);
  assert.equal(message.camera, "gate");
  assert.deepEqual([...message.data], [9, 8, 7]);
  assert.ok(Number.isNaN(message.time));
});

test("a picture has its time in front", () => {
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, 1795248086106365n);
  const message = readMessage(bytes(PICTURE, ...GATE, ...time, 255, 216));
  assert.equal(message.time, 1795248086.106365);
  assert.deepEqual([...message.data], [255, 216]);
});

test("what is cut off is no message", () => {
  for (const broken of [bytes(), bytes(1), bytes(1, 0), bytes(1, 4, 103), bytes(PICTURE, ...GATE, 0, 0)]) {
    assert.equal(readMessage(broken), null);
  }
});

test("fragments are appended together up to a bound, at least one", () => {
  const parts = [new Uint8Array([1, 2]), new Uint8Array([3]), new Uint8Array([4, 5, 6])];
  assert.deepEqual([...joined(parts, 3).bytes], [1, 2, 3]);
  assert.equal(joined(parts, 3).count, 2);
  assert.equal(joined(parts, 100).count, 3);
  assert.deepEqual([...joined(parts, 1).bytes], [1, 2]);
});
