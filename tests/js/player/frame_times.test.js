import assert from "node:assert/strict";
import { test } from "node:test";

import { FrameTimes } from "../../../pynvr/web/static/player/frame_times.js";

/** Ten frames a second from 1000 to 1100, with a hole. */
const ALL = Array.from({ length: 1000 }, (_, number) => 1000 + number / 10).filter(
  (time) => time < 1042 || time >= 1043.5,
);

function frameTimes() {
  const asked = [];
  const times = new FrameTimes(async (from, to) => {
    asked.push(from);
    return { frames: ALL.filter((time) => time >= from && time < to), keyframes: [] };
  });
  return { times, asked };
}

test("one frame forward and one back, from a frame and from between two", async () => {
  const { times } = frameTimes();
  assert.equal(await times.next(1010.3), 1010.4);
  assert.equal(await times.next(1010.37), 1010.4);
  assert.equal(await times.previous(1010.3), 1010.2);
  assert.equal(await times.previous(1010.37), 1010.2);
  assert.equal(await times.shown(1010.37), 1010.3);
});

test("steps go over the borders of blocks and small holes", async () => {
  const { times } = frameTimes();
  assert.equal(await times.next(1019.9), 1020);
  assert.equal(await times.previous(1020), 1019.9);
  assert.equal(await times.next(1041.9), 1043.5);
  assert.equal(await times.previous(1043.5), 1041.9);
});

test("there is nothing before the first and behind the last", async () => {
  const { times } = frameTimes();
  assert.equal(await times.previous(1000), null);
  assert.equal(await times.next(1099.9), null);
});

test("a block is asked for once; one that came to nothing, again", async () => {
  const { times, asked } = frameTimes();
  await times.next(1050.1);
  const first = asked.length;
  await times.next(1050.2);
  await times.previous(1050.2);
  assert.equal(asked.length, first);
  let fails = true;
  const shaky = new FrameTimes(async () => {
    if (fails) throw new Error("no answer");
    return { frames: [1, 2], keyframes: [] };
  });
  await assert.rejects(shaky.next(1));
  fails = false;
  assert.equal(await shaky.next(1), 2);
});
