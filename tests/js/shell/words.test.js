import assert from "node:assert/strict";
import { test } from "node:test";

import {
  causeKind,
  causeTone,
  causeWords,
  codecName,
  counted,
  formatBytes,
  formatDays,
  formatFps,
  formatRate,
  gapCause,
} from "../../../pynvr/web/static/shell/words.js";

test("sizes have as many digits as one reads", () => {
  const sizes = [0, 999, 1000, 9_949, 9_951, 138_000_000, 999_600_000, 1.44e12, -5];
  const said = ["0 bytes", "999 bytes", "1.0 kB", "9.9 kB", "10 kB", "138 MB", "1.0 GB", "1.4 TB", "0 bytes"];
  assert.deepEqual(sizes.map(formatBytes), said);
});

test("rates change their unit where the figure gets long", () => {
  assert.deepEqual([412, 999.4, 999.6, 4200, 12_000].map(formatRate), ["412 kbit/s", "999 kbit/s", "1.0 Mbit/s", "4.2 Mbit/s", "12 Mbit/s"]);
  assert.deepEqual([25, 12.5, 29.97].map(formatFps), ["25 fps", "12.5 fps", "30 fps"]);
});

test("one is one and many are many", () => {
  assert.deepEqual([0.4, 1, 1.9, 41.7].map(formatDays), ["less than a day", "1 day", "1 day", "41 days"]);
  assert.deepEqual([counted(1, "entry", "entries"), counted(1200, "camera")], ["1 entry", "1,200 cameras"]);
});

test("codecs have the names that stand on cameras", () => {
  assert.deepEqual(["h264", "hevc", "pcm_mulaw", "aac"].map(codecName), ["H.264", "H.265", "G.711 µ-law", "AAC"]);
});

test("a cause that isn't known yet is shown as it came", () => {
  assert.deepEqual([causeWords("stolen"), causeTone("stolen"), causeKind("stolen")], ["stolen", "warn", "unknown"]);
});

test("PyNVR that was stopped in order is no trouble, unlike what killed it", () => {
  const stopped = gapCause("PyNVR not running", "it was stopped");
  assert.deepEqual([causeWords(stopped), causeTone(stopped), causeKind(stopped)], ["PyNVR was stopped", "", "off"]);
  assert.equal(gapCause("PyNVR not running", "PyNVR was not running"), "PyNVR not running");
  assert.equal(gapCause("disabled", "it was stopped"), "disabled");
});
