import assert from "node:assert/strict";
import { test } from "node:test";

import { asMeasured, bytesPerDay, daysFigure, daysIn, daysWords, figure, readNumber, roomFor, sizingWords } from "../../../pynvr/web/static/system/sizing.js";

const LOAD = { cameras: 16, mbps: 4, hours: 24 };

test("days and room follow from each other", () => {
  assert.equal(bytesPerDay(LOAD), 691.2e9);
  assert.equal(bytesPerDay({ ...LOAD, hours: 6 }), 172.8e9);
  assert.equal(roomFor(30, LOAD), 20.736e12);
  assert.equal(daysIn(20.736e12, LOAD), 30);
  assert.equal(daysIn(1e12, { ...LOAD, cameras: 0 }), null);
});

test("what is measured fills the fields", () => {
  const disks = [
    { folder: "/a", room: 900e9, cameras: ["gate", "yard"], bytes_per_day: 86.4e9, recorded_always: true },
    { folder: "/b", room: 90e9, cameras: ["shed"], bytes_per_day: 10.8e9, recorded_always: false },
  ];
  const cameras = [
    { id: "gate", enabled: true, kbps: 3000, cause: "" },
    { id: "yard", enabled: true, kbps: 5000, cause: "" },
    // Recorded by motion: a quarter of the day.
    { id: "shed", enabled: true, kbps: 4000, cause: "" },
  ];
  assert.deepEqual(asMeasured({ disks, cameras }, "/a"), { load: { cameras: 2, mbps: 4, hours: 24 }, room: 900e9 });
  assert.deepEqual(asMeasured({ disks, cameras }, "/b"), { load: { cameras: 1, mbps: 4, hours: 6 }, room: 90e9 });
  assert.equal(asMeasured({ disks, cameras }).load.cameras, 3);
});

test("days are those of the forecast beside the disk, whatever is sent at the moment", () => {
  for (const kbps of [900, 3000, 3333, 4100, 9000]) {
    const disks = [{ folder: "/a", room: 1e12, cameras: ["gate"], bytes_per_day: 37.7e9, recorded_always: true }];
    const { load, room } = asMeasured({ disks, cameras: [{ id: "gate", enabled: true, kbps, cause: "" }] });
    const days = daysIn(room, load) ?? 0;
    assert.ok(Math.abs(days - 1e12 / 37.7e9) < 1e-9, `${kbps} kbit/s: ${days} days`);
  }
});

test("a camera that is always recorded is so for whole days, whatever it sends just now", () => {
  const disks = [{ folder: "/a", room: 1e12, cameras: ["gate"], bytes_per_day: 43.2e9, recorded_always: true }];
  for (const kbps of [3600, 4000, 4228]) {
    const cameras = [{ id: "gate", kbps, cause: "" }];
    assert.deepEqual(asMeasured({ disks, cameras }).load, { cameras: 1, mbps: 4, hours: 24 });
  }
});

test("a camera that is off or away counts with what it usually adds, or not at all", () => {
  const disks = [{ folder: "/a", room: 1e12, cameras: ["gate", "yard", "off"], bytes_per_day: 43.2e9, recorded_always: true }];
  const away = { cause: "unreachable", kbps: 9000 };
  const cameras = [{ id: "gate", ...away }, { id: "yard", ...away }, { id: "off", enabled: false }];
  assert.deepEqual(asMeasured({ disks, cameras }).load, { cameras: 2, mbps: 2, hours: 24 });
  assert.deepEqual(asMeasured({ disks: [], cameras: [] }).load, { cameras: 1, mbps: 4, hours: 24 });
});

test("what follows is said in sentences", () => {
  assert.deepEqual(sizingWords(LOAD, 4e12), [
    "4.0 TB hold 5.7 days of 16 cameras.",
    "691 GB are written a day, 64 Mbit/s.",
    "To record that takes about 242 MB of memory and 0.2 cores (reckoned from 64 cameras that were measured); open pages, searches, detection and re-encoding come on top.",
  ]);
  assert.match(sizingWords({ ...LOAD, hours: 6 }, 4e12)[1], /173 GB .* during 6 hours a day/);
  assert.deepEqual(sizingWords({ ...LOAD, cameras: 0 }, 4e12), ["Nothing is written, so nothing fills up."]);
  assert.equal(daysWords(0.5), "12 h");
  assert.deepEqual([2.96, 3, 9.99, 41.9].map(daysWords), ["2.9 days", "3 days", "9.9 days", "41 days"]);
  assert.deepEqual([0.04, 2.96, 3 - 1e-9, 41.9].map(daysFigure), [0.04, 2.9, 3, 41], "the field has no more");
});

test("a number is read as people write it", () => {
  assert.equal(readNumber(" 4,5 ", 100), 4.5);
  assert.equal(readNumber(".5", 100), 0.5);
  for (const wrong of ["", "0", "-1", "4 TB", "1e3", "1.2.3", "101"]) assert.equal(readNumber(wrong, 100), null, wrong);
  assert.equal(readNumber("1.5", 100, { isWhole: true }), null);
  assert.equal(readNumber("2.0", 100, { isWhole: true }), 2);
  assert.equal(figure(1234.5), "1235");
  assert.equal(figure(5.7871), "5.79");
  assert.equal(figure(0.01234), "0.0123");
});
