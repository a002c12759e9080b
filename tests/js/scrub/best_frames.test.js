// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { bestFramesAddress, nothingWords, searchedRange } from "../../../pynvr/web/static/scrub/best_frames.js";

const DAY = 86_400;

test("what is marked is searched, whatever the axis shows", () => {
  assert.deepEqual(searchedRange({ from: 5, to: 9 }, { from: 0, to: 100 }, 50, 1000), { from: 5, to: 9 });
});

test("without marks it is what the axis shows, up to now", () => {
  assert.deepEqual(searchedRange(null, { from: 100, to: 700 }, 650, 500), { from: 100, to: 500 });
  assert.deepEqual(searchedRange(null, { from: 600, to: 700 }, 650, 500), { from: 499, to: 500 });
});

test("of more than a day it is a day around the moment, within what the axis shows", () => {
  const view = { from: 0, to: 10 * DAY };
  assert.deepEqual(searchedRange(null, view, 5 * DAY, 20 * DAY), { from: 4.5 * DAY, to: 5.5 * DAY });
  assert.deepEqual(searchedRange(null, view, 0, 20 * DAY), { from: 0, to: DAY });
  assert.deepEqual(searchedRange(null, view, 10 * DAY, 20 * DAY), { from: 9 * DAY, to: 10 * DAY });
});

test("pictures of a long time are further apart", () => {
  /** @param {number} length */
  const apart = (length) =>
    new URL(bestFramesAddress("gate", { from: 100, to: 100 + length }, "faces"), "http://nvr").searchParams.get("apart");
  assert.deepEqual([10, 60, 600, 3600, DAY].map(apart), ["1", "1", "10", "60", "60"]);
});

test("the address is exact to the microsecond and names the camera safely", () => {
  const address = new URL(bestFramesAddress("a/b", { from: 1.0000004, to: 2.5 }, "brightness"), "http://nvr");
  assert.equal(address.pathname, "/api/1/camera/a%2Fb/best-frames");
  assert.equal(address.searchParams.get("from"), "1.000000");
  assert.equal(address.searchParams.get("to"), "2.500000");
});

test("where nothing is found it says why", () => {
  const found = { frames: [], looked_at: 12, unreadable: 0, recorded: 10 };
  assert.match(nothingWords("faces", found), /No face in 12 pictures/);
  assert.match(nothingWords("faces", { ...found, looked_at: 0, unreadable: 3 }), /can't be read/);
  assert.match(nothingWords("sharpness", { ...found, looked_at: 0 }), /no picture/);
});
