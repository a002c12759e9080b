import assert from "node:assert/strict";
import { test } from "node:test";

import { Pictures } from "../../../pynvr/web/static/player/pictures.js";

/** A source that answers when it is told to. */
function source() {
  const open = [];
  const pictures = new Pictures(
    (wish) => new Promise((done) => open.push({ wish, done: () => done({ bitmap: {}, time: wish.time }) })),
  );
  const wish = (cameraId, time) => ({ cameraId, time, width: 320, exact: false });
  return { open, pictures, wish };
}

test("of the wishes that wait for a camera only the latest is asked for", async () => {
  const { open, pictures, wish } = source();
  const answers = [1, 2, 3, 4].map((time) => pictures.want(wish("gate", time)));
  assert.equal(open.length, 1);
  open[0].done();
  assert.equal((await answers[0]).time, 1);
  assert.deepEqual([await answers[1], await answers[2]], [null, null]);
  assert.deepEqual(
    open.map(({ wish: { time } }) => time),
    [1, 4],
  );
  open[1].done();
  assert.equal((await answers[3]).time, 4);
});

test("only a few are under way at once, and the urgent one goes first", async () => {
  const { open, pictures, wish } = source();
  for (let number = 0; number < 9; number += 1) void pictures.want(wish(`camera${number}`, 1));
  void pictures.want(wish("chosen", 1), true);
  assert.equal(open.length, 4);
  open[0].done();
  await new Promise(setImmediate);
  assert.equal(open[4].wish.cameraId, "chosen");
});

test("a picture that fails is none, and the next one comes", async () => {
  const times = [];
  const pictures = new Pictures(async ({ time }) => {
    times.push(time);
    if (time === 1) throw new Error("no answer");
    return { bitmap: {}, time };
  });
  assert.equal(await pictures.want({ cameraId: "gate", time: 1, width: 1, exact: true }), null);
  assert.equal((await pictures.want({ cameraId: "gate", time: 2, width: 1, exact: true })).time, 2);
  assert.deepEqual(times, [1, 2]);
});

test("a server that doesn't answer isn't asked for every picture that playing wants", async () => {
  let asked = 0;
  const pictures = new Pictures(async () => {
    asked += 1;
    throw new Error("refused");
  });
  const wish = (time) => ({ cameraId: "gate", time, width: 1, exact: true });
  await pictures.want(wish(0));
  for (let time = 1; time <= 50; time += 1) {
    void pictures.want(wish(time));
    await new Promise(setImmediate);
  }
  assert.equal(asked, 1);
});
