import assert from "node:assert/strict";
import { test } from "node:test";

import { isWorthAnotherLook, waitsFor } from "../../../pynvr/web/static/player/again.js";
import { GroupPlayer } from "../../../pynvr/web/static/player/group_player.js";

globalThis.requestAnimationFrame ??= () => 0;
globalThis.cancelAnimationFrame ??= () => undefined;
const NOW = 1_800_000_000;

/** A camera that answers as it is told: `answers` are the conditions of its seeks, the last one for all others. */
function camera(id, answers, { chosen = false, seek = null } = {}) {
  const own = {
    id,
    chosen,
    playable: true,
    condition: "off",
    shown: NaN,
    sought: [],
    pause() {},
    async seek(time) {
      own.sought.push(time);
      if (seek) await seek();
      own.condition = answers[Math.min(own.sought.length, answers.length) - 1];
      own.shown = own.condition === "shown" ? time : NaN;
      return true;
    },
  };
  return own;
}

function group(players, frames = null) {
  const recorded = { now: () => NOW, ensure: async () => undefined, spanAt: () => [0, NOW] };
  const own = new GroupPlayer(recorded, () => frames);
  own.setPlayers(players);
  return own;
}

async function until(condition, what) {
  for (const end = Date.now() + 10_000; !condition(); await new Promise((resolve) => setTimeout(resolve, 20))) {
    assert.ok(Date.now() < end, what);
  }
}

test("a picture that didn't come is looked for again, without a hand, and the others are left alone", async () => {
  const gate = camera("gate", ["shown"], { chosen: true });
  const yard = camera("yard", ["failed", "shown"]);
  await group([gate, yard]).seek(NOW - 3600);
  await until(() => yard.condition === "shown", "the second look");
  assert.deepEqual(yard.sought, [NOW - 3600, NOW - 3600]);
  assert.equal(gate.sought.length, 1);
});

test("what was recorded after it was asked for appears", async () => {
  const gate = camera("gate", ["gap", "shown"], { chosen: true });
  await group([gate]).seek(NOW);
  await until(() => gate.condition === "shown", "the picture of the newest moment");
});

test("whoever went elsewhere isn't called back", async () => {
  const gate = camera("gate", ["failed", "shown"], { chosen: true });
  const player = group([gate]);
  await player.seek(NOW - 3600);
  await player.seek(NOW - 1800);
  await new Promise((resolve) => setTimeout(resolve, waitsFor(0) * 1.5));
  assert.deepEqual(gate.sought, [NOW - 3600, NOW - 1800]);
});

test("an old gap stays one; looks become rarer", () => {
  assert.equal(isWorthAnotherLook("gap", NOW - 3600, NOW), false);
  assert.equal(isWorthAnotherLook("gap", NOW - 2, NOW), true);
  assert.equal(isWorthAnotherLook("shown", NOW - 2, NOW), false);
  assert.equal(isWorthAnotherLook("failed", NOW - 3600, NOW), true);
  assert.deepEqual([0, 1, 2, 3, 4, 50].map(waitsFor), [1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test("the next frame doesn't wait for another camera's picture", async () => {
  const gate = camera("gate", ["shown"], { chosen: true });
  let slow = false;
  const yard = camera("yard", ["shown"], { seek: () => (slow ? new Promise(() => undefined) : undefined) });
  const player = group([gate, yard], { next: async (time) => time + 1 });
  await player.seek(NOW - 100);
  slow = true;
  await player.step(1);
  await player.step(1);
  assert.equal(player.moment, NOW - 98);
  assert.deepEqual(gate.sought, [NOW - 100, NOW - 99, NOW - 98]);
  assert.deepEqual(yard.sought, [NOW - 100, NOW - 99, NOW - 98]);
});

test("a step goes on from the last one's frame, also where its picture is late", async () => {
  let slow = false;
  const gate = camera("gate", ["shown"], { chosen: true, seek: () => (slow ? new Promise(() => undefined) : undefined) });
  const frames = { next: async (time) => time + 0.1, previous: async (time) => time - 0.1 };
  const player = group([gate], frames);
  await player.seek(NOW - 3600);
  slow = true;
  await player.step(-1);
  await player.step(-1);
  assert.equal(gate.shown, NOW - 3600);
  assert.deepEqual(
    gate.sought.map((time) => Math.round((time - NOW + 3600) * 10)),
    [0, -1, -2],
  );
});
