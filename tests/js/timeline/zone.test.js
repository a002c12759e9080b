// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { Zone } from "../../../pynvr/web/static/timeline/zone.js";

const BERLIN = new Zone("Europe/Berlin");
const HOUR = 3600;
/** 25 October 2026, 01:00 UTC: 03:00 becomes 02:00. */
const BACK = Date.UTC(2026, 9, 25, 1) / 1000;
/** 29 March 2026, 01:00 UTC: 02:00 becomes 03:00. */
const FORWARD = Date.UTC(2026, 2, 29, 1) / 1000;

test("a year has its two changes of the clock, to the second", () => {
  const year = Date.UTC(2026, 0, 1) / 1000;
  assert.deepEqual(BERLIN.changes(year, year + 365 * 86_400), [
    { at: FORWARD, before: HOUR, after: 2 * HOUR },
    { at: BACK, before: 2 * HOUR, after: HOUR },
  ]);
});

test("a change belongs to the stretch that begins with it, not to the one that ends", () => {
  assert.equal(BERLIN.changes(BACK - 100, BACK).length, 0);
  assert.equal(BERLIN.changes(BACK, BACK + 100).length, 1);
});

test("only the second pass through an hour counts as again", () => {
  assert.equal(BERLIN.isAgain(BACK - 1), false);
  assert.equal(BERLIN.isAgain(BACK), true);
  assert.equal(BERLIN.isAgain(BACK + HOUR - 1), true);
  assert.equal(BERLIN.isAgain(BACK + HOUR), false);
  assert.equal(BERLIN.isAgain(FORWARD), false);
  assert.equal(new Zone("Australia/Lord_Howe").isAgain(Date.UTC(2026, 3, 4, 15, 29) / 1000), true);
});

test("days are 23, 24 and 25 hours long", () => {
  const length = (/** @type {number} */ t) => (BERLIN.startOfNextDay(t) - BERLIN.startOfDay(t)) / HOUR;
  assert.deepEqual([length(FORWARD), length(FORWARD + 86_400), length(BACK)], [23, 24, 25]);
});

test("a stamp names the minute, and the second pass with a b", () => {
  assert.equal(BERLIN.stamp(BACK - 1), "20261025.0259");
  assert.equal(BERLIN.stamp(BACK + 125), "20261025.0202b");
  assert.equal(new Zone("Asia/Kathmandu").stamp(Date.UTC(2026, 10, 21, 8, 22, 40) / 1000), "20261121.1407");
});

test("a zone that nobody knows is refused", () => {
  assert.throws(() => new Zone("Europe/Nowhere"), RangeError);
});
