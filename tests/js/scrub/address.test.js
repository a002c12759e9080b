import assert from "node:assert/strict";
import { test } from "node:test";

import { readSight, writeSight } from "../../../pynvr/web/static/scrub/address.js";

const SIGHT = {
  time: 1795246050.25,
  cameras: ["gate", "yard", "front-2"],
  main: "yard",
  view: { from: 1795242450.25, to: 1795246050.25 },
  markIn: 1795246000,
  markOut: 1795246060.5,
  speed: -4,
};

test("an address restores what was looked at", () => {
  const { view, ...rest } = readSight(writeSight(SIGHT));
  const { view: seen, ...same } = SIGHT;
  assert.deepEqual(rest, same);
  assert.ok(Math.abs(view.from - seen.from) < 1 && Math.abs(view.to - seen.to) < 1);
});

test("an address is short and readable", () => {
  assert.equal(
    writeSight({ ...SIGHT, main: "gate", markIn: null, markOut: null, speed: 1 }),
    "?t=2026-11-21T07:27:30.25Z&cams=gate,yard,front-2&z=3600,1",
  );
  assert.equal(
    writeSight({ time: null, cameras: [], main: "", view: null, markIn: null, markOut: null, speed: 1 }),
    "",
  );
});

test("times may be epoch seconds; nonsense is left out", () => {
  const sight = readSight("?t=1795246050.5&in=yesterday&out=&z=-1,x&speed=99&cams=,a,,a,b");
  assert.equal(sight.time, 1795246050.5);
  assert.deepEqual([sight.markIn, sight.markOut, sight.view, sight.speed], [null, null, null, 1]);
  assert.deepEqual(sight.cameras, ["a", "b"]);
});

test("times in which nobody recorded are left out: no axis can be asked for what lies around them", () => {
  for (const time of ["0", "1", "946684799", "7258118400", "1e9", "1970-01-02T00:00:00Z", "9999-01-01T00:00:00Z"])
    assert.equal(readSight(`?t=${time}`).time, null, time);
  assert.equal(readSight("?t=2000-01-01T00:00:00Z").time, 946684800);
});

test("at most sixteen cameras are shown", () => {
  const ids = Array.from({ length: 40 }, (_, number) => `c${number}`);
  assert.equal(readSight(`?cams=${ids.join(",")}`).cameras.length, 16);
});
