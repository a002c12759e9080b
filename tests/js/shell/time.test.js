import assert from "node:assert/strict";
import { test } from "node:test";

import {
  addDays,
  formatClock,
  formatDate,
  formatDuration,
  formatMoment,
  fromParts,
  parseTime,
  partsOf,
  stampOf,
  startOfDay,
  zoneOffset,
} from "../../../pynvr/web/static/shell/time.js";

const BERLIN = "Europe/Berlin";
const utc = (...parts) => Date.UTC(...parts) / 1000;
const NOW = utc(2026, 10, 21, 13, 7, 31, 240); // Sat 21 Nov 2026, 14:07:31.240 in Berlin

/** `2026-11-21T14:07:31` in Berlin. */
function local(t) {
  const { year, month, day } = partsOf(t, BERLIN);
  const [m, d] = [month, day].map((part) => String(part).padStart(2, "0"));
  return `${year}-${m}-${d}T${formatClock(t, BERLIN)}`;
}

test("a clock shows the zone's time, not the browser's", () => {
  assert.equal(formatClock(NOW, BERLIN), "14:07:31");
  assert.equal(formatClock(NOW, "America/New_York"), "08:07:31");
  assert.equal(formatClock(NOW, "Asia/Kathmandu", { seconds: false }), "18:52");
});

test("fractions are cut, never rounded up into another second", () => {
  assert.equal(formatClock(NOW, BERLIN, { digits: 3 }), "14:07:31.240");
  assert.equal(formatClock(NOW + 0.759999, BERLIN, { digits: 1 }), "14:07:31.9");
});

test("a float's last digit doesn't make a full minute 59.999", () => {
  assert.equal(formatClock(1763730000.0000002, "UTC", { digits: 3 }), "13:00:00.000");
  assert.equal(formatClock(1763729999.9999998, "UTC", { digits: 3 }), "13:00:00.000");
});

test("dates name the weekday and leave out what is switched off", () => {
  assert.equal(formatDate(NOW, BERLIN), "Sat 21 Nov 2026");
  assert.equal(formatDate(NOW, BERLIN, { weekday: false, year: false }), "21 Nov");
});

test("a moment is told as shortly as it can be told apart", () => {
  assert.equal(formatMoment(NOW - 330, BERLIN, NOW), "14:02");
  assert.equal(formatMoment(addDays(NOW, BERLIN, -1), BERLIN, NOW), "yesterday 14:07");
  assert.equal(formatMoment(addDays(NOW, BERLIN, -7), BERLIN, NOW), "Sat 14 Nov 14:07");
  assert.equal(formatMoment(addDays(NOW, BERLIN, -365), BERLIN, NOW), "Fri 21 Nov 2025 14:07");
});

test("lengths are said in the two units that matter, carried where they are rounded", () => {
  assert.equal(formatDuration(0.44), "0.4 s");
  assert.equal(formatDuration(31), "31 s");
  assert.equal(formatDuration(272), "4 min 32 s");
  assert.equal(formatDuration(3599.7), "1 h");
  assert.equal(formatDuration(11_100), "3 h 5 min");
  assert.equal(formatDuration(2 * 86_400 + 4 * 3600), "2 days 4 h");
  assert.equal(formatDuration(86_400 - 10), "1 day");
});

test("the offset changes in the second in which the clock does", () => {
  const back = utc(2026, 9, 25, 1, 0, 0);
  assert.equal(zoneOffset(back - 1, BERLIN), 7200);
  assert.equal(zoneOffset(back, BERLIN), 3600);
  const lordHowe = utc(2026, 9, 3, 15, 30, 0); // half an hour forward at 2:00
  assert.equal(zoneOffset(lordHowe - 1, "Australia/Lord_Howe"), 10.5 * 3600);
  assert.equal(zoneOffset(lordHowe, "Australia/Lord_Howe"), 11 * 3600);
});

test("the hour that comes twice has a first and a second pass", () => {
  const parts = { year: 2026, month: 10, day: 25, hour: 2, minute: 30 };
  const first = fromParts(parts, BERLIN);
  const second = fromParts(parts, BERLIN, { later: true });
  assert.equal(first, utc(2026, 9, 25, 0, 30));
  assert.equal(second - first, 3600);
  assert.equal(stampOf(first, BERLIN), "20261025.0230");
  assert.equal(stampOf(second, BERLIN), "20261025.0230b");
  assert.equal(parseTime("20261025.0230b", BERLIN, NOW, NOW), second);
  assert.equal(parseTime("25 oct 02:30b", BERLIN, NOW, NOW), second);
});

test("a time that the change of the clock skips is as far behind it", () => {
  assert.equal(fromParts({ year: 2026, month: 3, day: 29, hour: 2, minute: 30 }, BERLIN), utc(2026, 2, 29, 1, 30));
});

test("days have 23, 24 and 25 hours, and start where the calendar says", () => {
  const length = (month, day) => {
    const start = fromParts({ year: 2026, month, day }, BERLIN);
    assert.equal(startOfDay(start + 3000, BERLIN), start);
    return (addDays(start, BERLIN, 1) - start) / 3600;
  };
  assert.deepEqual([length(3, 29), length(6, 1), length(10, 25)], [23, 24, 25]);
});

test("the day may begin at one o'clock where midnight is skipped", () => {
  const start = startOfDay(utc(2024, 3, 26, 12), "Africa/Cairo"); // Fri 26 Apr 2024 began at 01:00
  assert.equal(partsOf(start, "Africa/Cairo").hour, 1);
  assert.equal(partsOf(start - 1, "Africa/Cairo").day, 25);
});

test("what a person writes is read", () => {
  const said = (text) => {
    const t = parseTime(text, BERLIN, NOW, NOW);
    return t === null ? null : local(t);
  };
  assert.equal(said("14:07"), "2026-11-21T14:07:00");
  assert.equal(said(" 2:07 PM "), "2026-11-21T14:07:00");
  assert.equal(said("12am"), "2026-11-21T00:00:00");
  assert.equal(said("yesterday 22:00"), "2026-11-20T22:00:00");
  assert.equal(said("tomorrow 9:00"), "2026-11-22T09:00:00");
  assert.equal(parseTime("in 10 minutes", BERLIN, 5, NOW), NOW + 600);
  assert.equal(said("9:15 fri"), "2026-11-20T09:15:00");
  assert.equal(said("sat 9:15"), "2026-11-21T09:15:00");
  assert.equal(said("3 dec 10:00"), "2025-12-03T10:00:00");
  assert.equal(said("Nov 3, 2024 10:00"), "2024-11-03T10:00:00");
  assert.equal(said("21.11. 10.30"), "2026-11-21T10:30:00");
  assert.equal(said("2026-11-20 10:00"), "2026-11-20T10:00:00");
  assert.equal(said("2026-11-20T10:00:00Z"), "2026-11-20T11:00:00");
  assert.equal(said("2026-11-20T10:00:00-05:00"), "2026-11-20T16:00:00");
  assert.equal(said("20261120.1000"), "2026-11-20T10:00:00");
  assert.equal(said("-5m"), "2026-11-21T14:02:31");
  assert.equal(said("+90"), "2026-11-21T14:09:01");
  assert.equal(said("-1d"), "2026-11-20T14:07:31");
  assert.equal(said("24:00"), "2026-11-22T00:00:00");
  assert.equal(parseTime("1763730000.5", BERLIN, NOW, NOW), 1763730000.5);
  assert.equal(parseTime("now", BERLIN, 0, NOW), NOW);
});

test("a clock time without a day is of the day that is looked at", () => {
  const near = addDays(NOW, BERLIN, -3);
  assert.equal(local(parseTime("08:00:05.5", BERLIN, near, NOW)), "2026-11-18T08:00:05");
});

test("what can't be a time is none", () => {
  for (const text of ["", "soon", "25:00", "10:61", "31 feb 10:00", "2026-02-30", "13pm", "0pm", "20261301.1000", "24:01"]) {
    assert.equal(parseTime(text, BERLIN, NOW, NOW), null, text);
  }
});

test("a day put to the clock and back is the same instant, through a whole year in several zones", () => {
  for (const zone of [BERLIN, "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]) {
    for (let t = utc(2026, 0, 1); t < utc(2027, 0, 1); t += 7 * 3600 + 61) {
      const parts = partsOf(t, zone);
      assert.ok([fromParts(parts, zone), fromParts(parts, zone, { later: true })].includes(t), `${zone} ${t}`);
      assert.equal(parseTime(stampOf(t, zone), zone, 0, 0), t, `${zone} ${stampOf(t, zone)}`);
    }
  }
});

test("steps are understood in words too, and back from now with `ago`", () => {
  const near = utc(2026, 10, 20, 8, 0, 0);
  assert.equal(parseTime("10 minutes ago", BERLIN, near, NOW), NOW - 600);
  assert.equal(parseTime("2 min ago", BERLIN, near, NOW), NOW - 120);
  assert.equal(parseTime("an hour ago", BERLIN, near, NOW), NOW - 3600);
  assert.equal(parseTime("30s ago", BERLIN, near, NOW), NOW - 30);
  assert.equal(parseTime("2 days ago", BERLIN, near, NOW), addDays(NOW, BERLIN, -2));
  assert.equal(parseTime("-5 minutes", BERLIN, near, NOW), near - 300);
  assert.equal(parseTime("3 fortnights ago", BERLIN, near, NOW), null);
});

test("noon and midnight are clock times, with a day or without", () => {
  const near = utc(2026, 10, 20, 8, 0, 0);
  assert.equal(parseTime("noon", BERLIN, near, NOW), utc(2026, 10, 20, 11));
  assert.equal(parseTime("yesterday noon", BERLIN, NOW, NOW), utc(2026, 10, 20, 11));
  assert.equal(parseTime("midnight", BERLIN, NOW, NOW), startOfDay(NOW, BERLIN));
});
