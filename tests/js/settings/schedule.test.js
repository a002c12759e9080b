import assert from "node:assert/strict";
import { test } from "node:test";

import { daysOf, daysText, hoursAWeek, periodsOf, scheduleOf } from "../../../pynvr/web/static/settings/schedule.js";

const on = (...days) => Array.from({ length: 7 }, (_, day) => days.includes(day));

test("every form that nvr.json takes is read", () => {
  assert.deepEqual(periodsOf(undefined), []);
  assert.deepEqual(periodsOf("period:08-17"), [{ days: on(0, 1, 2, 3, 4, 5, 6), from: "08:00", to: "18:00" }]);
  assert.deepEqual(periodsOf(["mon-fri:22-05", { days: "sat,sun", from: "00:00", to: "24:00" }]), [
    { days: on(0, 1, 2, 3, 4), from: "22:00", to: "06:00" },
    { days: on(5, 6), from: "00:00", to: "24:00" },
  ]);
  assert.deepEqual(periodsOf([{ from: "07:30:15", to: "08:00" }]), [
    { days: on(0, 1, 2, 3, 4, 5, 6), from: "07:30:15", to: "08:00" },
  ]);
});

test("days are read as the server reads them: over the weekend, in full, as groups", () => {
  assert.deepEqual(daysOf("fri-mon"), on(4, 5, 6, 0));
  assert.deepEqual(daysOf("Monday, wednesday"), on(0, 2));
  assert.deepEqual(daysOf("weekends"), on(5, 6));
  assert.deepEqual(daysOf(["weekdays", "sun"]), on(0, 1, 2, 3, 4, 6));
  for (const wrong of ["", "someday", "mon-", "mon-fri-sun", 7]) assert.equal(daysOf(wrong), null, String(wrong));
});

test("what can't be read isn't shown as if it were nothing", () => {
  assert.equal(periodsOf(["mon:25-26"]), null);
  assert.equal(periodsOf([{ days: "mon", from: 7, to: "08:00" }]), null);
  assert.equal(periodsOf([null]), null);
});

test("days are written shortly, and read back as the same days", () => {
  assert.equal(daysText(on(0, 1, 2, 3, 4, 5, 6)), "daily");
  assert.equal(daysText(on(0, 1, 2, 3, 4)), "mon-fri");
  assert.equal(daysText(on(5, 6)), "sat,sun");
  assert.equal(daysText(on(0, 2, 4, 5, 6)), "mon,wed,fri-sun");
  for (let bits = 1; bits < 128; bits += 1) {
    const days = Array.from({ length: 7 }, (_, day) => Boolean(bits & (1 << day)));
    assert.deepEqual(daysOf(daysText(days)), days);
  }
});

test("a schedule survives the way to the file and back", () => {
  const periods = periodsOf(["mon-fri:22-05", { days: "sat,sun", from: "00:00", to: "24:00" }]);
  assert.deepEqual(periodsOf(scheduleOf(periods)), periods);
});

test("hours a week count nights to their end and overlaps once", () => {
  assert.equal(hoursAWeek([{ days: on(0, 1, 2, 3, 4, 5, 6), from: "22:00", to: "06:00" }]), 56);
  assert.equal(hoursAWeek([{ days: on(0), from: "00:00", to: "24:00" }, { days: on(0), from: "08:00", to: "09:00" }]), 24);
  assert.equal(hoursAWeek([{ days: on(0), from: "08:00", to: "08:00" }]), 24);
  assert.equal(hoursAWeek([{ days: on(6), from: "23:00", to: "01:00" }, { days: on(0), from: "00:00", to: "01:00" }]), 2);
  assert.equal(hoursAWeek([]), 0);
  assert.equal(hoursAWeek([{ days: on(0), from: "8", to: "09:00" }]), null);
});
