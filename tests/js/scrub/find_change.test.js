// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  around,
  beforeAddress,
  boxBetween,
  closeUp,
  clearnessWords,
  everyWish,
  farWords,
  fitted,
  furtherThan,
  grown,
  hintWords,
  isMeant,
  marksOf,
  moved,
  proposalSpan,
  reachesFrom,
  wishOf,
} from "../../../pynvr/web/static/scrub/find_change.js";

const DAY = 86_400;
const NOW = 1_795_246_050;
/** @type {[number, number, number, number]} */
const BOX = [0.2, 0.3, 0.1, 0.2];

test("what came is looked for before the moment at which it is there", () => {
  assert.deepEqual(wishOf(BOX, NOW - 500, "before-1", NOW), {
    box: BOX,
    limit: 5,
    from: NOW - 500 - DAY,
    to: NOW - 499,
    at: NOW - 500,
  });
});

test("a moment later at which it was otherwise looks for when it went", () => {
  assert.deepEqual(wishOf(BOX, NOW - 500, NOW - 100, NOW), { box: BOX, limit: 5, from: NOW - 500, to: NOW - 99 });
  assert.equal(wishOf(BOX, NOW - 500, "after-1", NOW).to, NOW, "no further than now");
});

test("no search is longer than the server takes", () => {
  const { from, to } = wishOf(BOX, NOW, "before-31", NOW + 10);
  assert.ok(to - from <= 31 * DAY);
  assert.equal(to, NOW + 1);
  const forth = wishOf(BOX, NOW - 40 * DAY, NOW, NOW + 10);
  assert.ok(forth.to - forth.from <= 31 * DAY);
});

test("every change asks for many, whatever it looks like now", () => {
  const wish = everyWish(BOX, { from: 5, to: 9 });
  assert.deepEqual([wish.all, wish.from, wish.to, wish.at], [true, 5, 9, undefined]);
  assert.ok(wish.limit > 5);
});

test("who finds nothing is led further back, as far as it goes", () => {
  const all = reachesFrom(NOW - 30 * DAY, null, NOW);
  assert.deepEqual(all, ["before-1", "before-7", "before-31", "after-1", "after-7"]);
  assert.equal(furtherThan("before-1", all), "before-7");
  assert.equal(furtherThan("before-31", all), null);
  assert.equal(furtherThan("after-1", all), "after-7");
  assert.equal(furtherThan("after-7", all), null);
  assert.equal(furtherThan(NOW, all), null);
});

test("nobody is led to where nothing was recorded yet, or to what is still to come", () => {
  const young = reachesFrom(NOW, NOW - 240, NOW);
  assert.deepEqual(young, ["before-1", "after-1"]);
  assert.equal(furtherThan("before-1", young), null);
  assert.equal(furtherThan("after-1", young), null);
  assert.deepEqual(reachesFrom(NOW, NOW - 3 * DAY, NOW), ["before-1", "before-7", "after-1"]);
  assert.deepEqual(reachesFrom(NOW - 3 * DAY, NOW - 3 * DAY, NOW), ["before-1", "after-1", "after-7"]);
});

test("a time is proposed where is looked: as far back, or later, but not in the future", () => {
  assert.deepEqual(proposalSpan("before-7", NOW, NOW), { from: NOW - 7 * DAY, to: NOW, isLater: false });
  const at = NOW - 3 * DAY;
  assert.deepEqual(proposalSpan("after-1", at, NOW), { from: at, to: at + DAY, isLater: true });
  assert.deepEqual(proposalSpan("after-7", at, NOW), { from: at, to: NOW, isLater: true });
});

test("what was drawn too small is said, and where the box is that isn't in this picture", () => {
  const none = { isTooSmall: false, isBoxed: false, elsewhere: null };
  assert.equal(hintWords(none), "Draw a box around what changed");
  assert.match(hintWords({ ...none, isTooSmall: true }), /Too small/);
  assert.match(hintWords({ ...none, isTooSmall: true, isBoxed: true }), /before it stays/);
  assert.match(hintWords({ ...none, elsewhere: "Gate" }), /Gate's picture/);
  assert.equal(hintWords({ ...none, isBoxed: true, elsewhere: "Gate" }), "");
});

test("where to ask for the time before", () => {
  assert.equal(
    beforeAddress("back yard", BOX, NOW, NOW - 10),
    `/api/1/camera/back%20yard/find-change/before?box=0.2%2C0.3%2C0.1%2C0.2&at=${NOW}.000000&from=${NOW - 10}.000000&progress=1`,
  );
});

test("a box lies between its corners, inside the picture", () => {
  assert.deepEqual(boxBetween({ x: 0.5, y: 0.75 }, { x: 0.25, y: 0.25 }), [0.25, 0.25, 0.25, 0.5]);
  const [x, y, width, height] = boxBetween({ x: -1, y: 0.9 }, { x: 2, y: 7 });
  assert.deepEqual([x, width, y], [0, 1, 0.9]);
  assert.ok(y + height <= 1);
  assert.ok(!isMeant(boxBetween({ x: 0.5, y: 0.5 }, { x: 0.503, y: 0.9 })), "a slip of the hand");
});

test("a box that is moved or grown stays in the picture", () => {
  assert.deepEqual(moved(BOX, 5, -5), [0.9, 0, 0.1, 0.2]);
  const [x, y, width, height] = grown([0.9, 0.8, 0.1, 0.2], 0.1, 0.1);
  assert.ok(x + width <= 1.0001 && y + height <= 1.0001);
  assert.ok(Math.abs(width - 0.2) < 1e-9 && Math.abs(height - 0.3) < 1e-9);
  assert.ok(grown(BOX, -1, -1).every((side) => side > 0), "never to nothing");
});

test("a picture is fitted into its place without being distorted", () => {
  assert.deepEqual(fitted(1600, 600, 4 / 3), { left: 400, top: 0, width: 800, height: 600 });
  assert.deepEqual(fitted(800, 900, 16 / 9), { left: 0, top: 225, width: 800, height: 450 });
});

test("a close-up holds the whole box, and the picture's edge isn't left", () => {
  for (const box of /** @type {[number, number, number, number][]} */ ([BOX, [0, 0, 0.02, 0.02], [0.7, 0.1, 0.3, 0.9]])) {
    const { x, y, size } = closeUp(box);
    assert.ok(x >= 0 && y >= 0 && x + size <= 1.0001 && y + size <= 1.0001);
    assert.ok(x <= box[0] && x + size >= box[0] + box[2] - 1e-9);
    assert.ok(y <= box[1] && y + size >= box[1] + box[3] - 1e-9);
  }
  assert.deepEqual(around([0.25, 0.25, 0.25, 0.25], [0.125, 0.5, 0.125, 0.25]), [0.125, 0.25, 0.375, 0.5]);
});

test("how sure it is, is said in words", () => {
  assert.deepEqual([0.95, 0.6, 0.2].map(clearnessWords), ["clear", "less clear", "faint"]);
});

test("each answer has a mark in its camera's row, in the order of the cards", () => {
  const found = [
    { camera: { id: "yard" }, change: { time: NOW } },
    { camera: { id: "gate" }, change: { time: NOW - 60 } },
  ];
  assert.deepEqual(marksOf(found, 1), [
    { cameraId: "yard", time: NOW, isChosen: false },
    { cameraId: "gate", time: NOW - 60, isChosen: true },
  ]);
});

test("a search says how much of the time it has looked through, of which camera", () => {
  const one = { name: "Gate", number: 0, count: 1 };
  assert.equal(farWords(86_400, { ...one, share: 0.413 }), "9 h 50 min done");
  assert.equal(farWords(3600, { ...one, share: 0.413 }), "24 min done");
  assert.equal(farWords(120, { ...one, share: 0.5 }), "1 min done");
  assert.equal(farWords(86_400, { name: "Gate", number: 1, count: 4, share: 0.5 }), "Gate, camera 2 of 4: 12 h done");
  assert.equal(farWords(86_400, { name: "Gate", number: 1, count: 4, share: 0 }), "Gate, camera 2 of 4");
});
