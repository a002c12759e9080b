import assert from "node:assert/strict";
import { test } from "node:test";

import { echoWords } from "../../../pynvr/web/static/scrub/go_to.js";
import { countedFrom } from "../../../pynvr/web/static/shell/time.js";

const BERLIN = "Europe/Berlin";
const NOW = Date.parse("2026-11-21T14:05:10+01:00") / 1000;
const page = { zone: BERLIN, moment: NOW - 86_400, now: NOW };

test("a step says what it is counted from", () => {
  for (const step of ["-10m", "−10m", "+ 5 s", "-1d"]) assert.equal(countedFrom(step), "near", step);
  for (const step of ["10 minutes ago", "in an hour", " A day AGO "]) assert.equal(countedFrom(step), "now", step);
  for (const time of ["14:05", "yesterday 9:00", "now", "", "ago"]) assert.equal(countedFrom(time), "", time);
});

test("under the box stands the moment that is written in it", () => {
  assert.equal(echoWords("-10m", page), "Fri 20 Nov 13:55:10, from the moment shown");
  assert.equal(echoWords("−10m", page), "Fri 20 Nov 13:55:10, from the moment shown");
  assert.equal(echoWords("10 minutes ago", page), "Sat 21 Nov 13:55:10, from now");
  assert.equal(echoWords("9:00", page), "Fri 20 Nov 09:00:00");
  assert.equal(echoWords("yester", page), "");
});

test("the year stands there where it is another one", () => {
  assert.equal(echoWords("2027-12-31 10:00", page), "Fri 31 Dec 2027 10:00:00");
  assert.equal(echoWords("30 dec", page), "Tue 30 Dec 2025 00:00:00");
  assert.equal(echoWords("2026-01-01 10:00", page), "Thu 1 Jan 10:00:00");
});

test("a clock time that is still to come today is yesterday's", () => {
  const live = { ...page, moment: NOW };
  assert.equal(echoWords("14:05", live), "Sat 21 Nov 14:05:00");
  assert.equal(echoWords("23:50", live), "Fri 20 Nov 23:50:00");
  assert.equal(echoWords("tomorrow 9:00", live), "Sun 22 Nov 09:00:00");
});

test("while nothing is written it says what is taken", () => {
  assert.match(echoWords(" ", page), /−10m: from the moment shown; 10 minutes ago: from now/);
});
