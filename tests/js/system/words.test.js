import assert from "node:assert/strict";
import { test } from "node:test";

import { liveWords } from "../../../pynvr/web/static/shell/live_words.js";
import { causesOf, cellOf, percent, stopsApart } from "../../../pynvr/web/static/system/coverage.js";
import { attention, diskOutlook, diskUse, keptWords, processTitle } from "../../../pynvr/web/static/system/words.js";

const NOW = 1_795_000_000;
const DAY = 86_400;
const DISK = {
  folder: "/video",
  total: 4e12,
  used: 1.2e12,
  free: 2.8e12,
  cameras: ["gate"],
  bytes_per_day: 6e10,
  full_at: NOW + 41.9 * DAY,
  days_kept: { gate: { now_days: 12, forecast_days: null } },
};

test("a disk says when it is full, sooner in stronger colours", () => {
  assert.deepEqual(diskOutlook(DISK, NOW), { words: "full in 41 days", tone: "" });
  assert.deepEqual(diskOutlook({ ...DISK, full_at: NOW + 2 * DAY }, NOW), { words: "full in 2 days", tone: "warn" });
  assert.deepEqual(diskOutlook({ ...DISK, full_at: NOW + 5400 }, NOW), { words: "full in 1 h 30 min", tone: "alert" });
  assert.deepEqual(diskOutlook({ ...DISK, full_at: NOW - 1 }, NOW), { words: "full", tone: "alert" });
});

test("a disk that never fills up says why", () => {
  const days = { gate: { now_days: 12, forecast_days: 23 } };
  assert.match(diskOutlook({ ...DISK, full_at: null, days_kept: days }, NOW).words, /oldest recordings give way/);
  assert.match(diskOutlook({ ...DISK, full_at: null, bytes_per_day: 0 }, NOW).words, /nothing is written/);
  assert.equal(diskUse(DISK), "1.2 TB of 4.0 TB used, 2.8 TB free; grows by 60 GB a day");
  assert.equal(
    diskUse({ ...DISK, free: 2.6e12, bytes_per_day: 0 }),
    "1.2 TB of 4.0 TB used, 2.6 TB free, 200 GB reserved for the system",
  );
});

test("how far back a camera reaches is told now and for later", () => {
  assert.deepEqual(keptWords({ now_days: 0.1, forecast_days: 23.4 }), { now: "2 h 24 min", later: "23 days" });
  assert.deepEqual(keptWords({ now_days: null, forecast_days: null }), { now: "nothing yet", later: "everything" });
});

test("what needs a person comes with what to do", () => {
  const cameras = [
    { id: "gate", name: "Gate", status: "refused", detail: "401 Unauthorized", since: NOW },
    { id: "yard", name: "Yard", status: "recording" },
    { id: "barn", name: "Barn", status: "disabled" },
  ];
  const found = attention([{ about: "configuration", detail: "cameras[0].url: found nothing", since: NOW }], cameras);
  assert.deepEqual(found.map(({ title }) => title), ["Configuration", "Gate"]);
  assert.ok(found.every(({ advice }) => advice.length > 20));
  assert.match(found[1].words, /refuses.*401/);
  assert.deepEqual(attention([], []), []);
});

test("when PyNVR is stopped, that is said once and not of each camera", () => {
  const cameras = ["a", "b"].map((id) => ({ id, name: id, status: "PyNVR not running" }));
  assert.deepEqual(attention([], cameras).map(({ title }) => title), ["PyNVR isn't running"]);
});

test("the live line counts and gives the nearest end", () => {
  const two = { a: true, b: true };
  assert.deepEqual(liveWords(two, [DISK, { full_at: null }], NOW), { words: "recording 2 / 2 · 41 days left", tone: "good" });
  assert.deepEqual(liveWords({ a: true, b: false }, [], NOW), { words: "recording 1 / 2", tone: "alert" });
  assert.deepEqual(liveWords({ a: true, b: false }, [], NOW, false, ["b"]), { words: "recording 1 / 1", tone: "good" });
  assert.deepEqual(liveWords({ a: false, b: false }, [], NOW, false, ["b"]), { words: "recording 0 / 1", tone: "alert" });
  assert.deepEqual(liveWords({ a: false }, [], NOW, false, ["a"]), { words: "nothing to record now", tone: "good" });
  assert.deepEqual(liveWords({ a: false }, [DISK], NOW, true), { words: "recording is switched off", tone: "warn" });
  assert.deepEqual(liveWords(two, [{ full_at: NOW + DAY * 1.5 }], NOW), { words: "recording 2 / 2 · 1 day left", tone: "warn" });
  assert.deepEqual(liveWords(two, [{ full_at: NOW + 3600 }], NOW).tone, "alert");
  assert.equal(liveWords(null, [], NOW).tone, "alert");
  assert.equal(liveWords({}, [], NOW).words, "no camera to record");
});

test("a day is whole, in part, lost, or was none", () => {
  assert.deepEqual(cellOf({ recorded: 86_396, starting: 4 }), {
    words: "",
    told: "recorded 1 day; starting 4 s",
    share: 1,
    kind: "full",
  });
  const part = cellOf({ recorded: 43_200, unreachable: 43_200 });
  assert.deepEqual([part.words, part.kind], ["50%", "part"]);
  assert.equal(part.told, "recorded 12 h; camera unreachable 12 h");
  assert.deepEqual([cellOf({ stalled: 86_400 }).words, cellOf({ stalled: 86_400 }).kind], ["0%", "none"]);
});

test("what wasn't to be recorded, or was deleted since, is nobody's loss", () => {
  assert.equal(cellOf({ recorded: 3600, schedule: 82_800 }).kind, "full");
  assert.deepEqual([cellOf({ disabled: 86_400 }).words, cellOf({ disabled: 86_400 }).kind], ["–", "quiet"]);
  assert.equal(cellOf({ "deleted by retention": 86_400 }).words, "deleted");
  assert.equal(cellOf({}).kind, "quiet");
});

test("a share is never rounded to all or nothing", () => {
  assert.deepEqual([0.99999, 0.9949, 0.5, 0.001, 0].map(percent), ["99.9%", "99.4%", "50%", "<1%", "0%"]);
});

test("causes are summed over cameras, longest first", () => {
  const sums = [{ recorded: 5, stalled: 10, unknown: 99 }, { stalled: 10, unreachable: 60 }];
  assert.deepEqual(causesOf(sums), [["unreachable", 60], ["stalled", 20]]);
});

test("processes are called by what they are for", () => {
  const cameras = new Map([["gate", "Gate"]]);
  assert.equal(processTitle("recorder gate", cameras), "Recorder of Gate");
  assert.equal(processTitle("capture 1795256797886453", cameras), "Capture");
  assert.equal(processTitle("web", cameras), "Web pages");
  assert.equal(processTitle("live gate", cameras), "Sub-stream of Gate");
  assert.equal(processTitle("analyser", cameras), "Analyser");
});

test("a day on which PyNVR was stopped in order has lost nothing, and says so; what killed it has", () => {
  const stopped = cellOf(stopsApart({ sums: { recorded: 64_800, "PyNVR not running": 21_600 }, stopped: 21_600 }));
  assert.deepEqual([stopped.words, stopped.kind, stopped.told], ["100%", "stopped", "recorded 18 h; PyNVR was stopped 6 h"]);
  const both = cellOf(stopsApart({ sums: { recorded: 30_000, "PyNVR not running": 20_000 }, stopped: 10_000 }));
  assert.deepEqual([both.words, both.kind], ["75%", "part"]);
  assert.match(both.told, /PyNVR wasn't running 2 h 47 min; PyNVR was stopped 2 h 47 min/);
  const killed = cellOf(stopsApart({ sums: { recorded: 64_800, "PyNVR not running": 21_600 }, stopped: 0 }));
  assert.deepEqual([killed.words, killed.kind], ["75%", "part"]);
  const whole = cellOf(stopsApart({ sums: { "PyNVR not running": 86_400 }, stopped: 86_400 }));
  assert.deepEqual([whole.words, whole.kind], ["–", "stopped"]);
  const sums = [{ sums: { "PyNVR not running": 90 }, stopped: 60 }].map(stopsApart);
  assert.deepEqual(causesOf(sums), [["PyNVR stopped", 60], ["PyNVR not running", 30]]);
});
