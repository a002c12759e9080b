import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange } from "../../../pynvr/web/static/live/arrange.js";
import { HELP, commandOf } from "../../../pynvr/web/static/live/keys.js";
import { barOf, latencyWords, reasonOf, streamWords } from "../../../pynvr/web/static/live/words.js";

const LIVE = { connected: true, state: "live", detail: "", latency: 0.3 };

test("pictures are as large as they can be", () => {
  assert.equal(arrange(1, 1600, 900, 8, 36).columns, 1);
  assert.equal(arrange(4, 1600, 900, 8, 36).columns, 2);
  assert.equal(arrange(9, 1600, 900, 8, 36).columns, 3);
  assert.equal(arrange(3, 500, 1200, 8, 36).columns, 1);
  for (const count of [1, 2, 5, 16]) {
    const { columns, width } = arrange(count, 1600, 900, 8, 36);
    assert.ok(columns * width + (columns - 1) * 8 <= 1600);
  }
});

test("each picture has its whole form, with its bar below it", () => {
  for (const count of [1, 2, 4, 9]) {
    const { columns, width, fits } = arrange(count, 1600, 900, 8, 36);
    const rows = Math.ceil(count / columns);
    assert.ok(fits && rows * ((width * 9) / 16 + 36) + (rows - 1) * 8 <= 900, `${count}`);
  }
});

test("where they would be too small the page scrolls", () => {
  assert.equal(arrange(6, 374, 780, 8, 36).fits, false);
  assert.equal(arrange(6, 374, 780, 8, 36).columns, 1);
  assert.equal(arrange(100, 1600, 900, 8, 36).fits, false);
  assert.ok(arrange(100, 1600, 900, 8, 36).width >= 280);
});

test("the bar says how late the picture is", () => {
  assert.deepEqual(barOf(LIVE), { words: "live · 0.3 s", tone: "good" });
  assert.equal(barOf({ ...LIVE, latency: 4 }).tone, "warn");
  assert.equal(latencyWords(-0.2), "live · 0.0 s");
  assert.equal(latencyWords(42.4), "42 s late");
});

test("the bar says why there is no picture", () => {
  assert.deepEqual(barOf({ ...LIVE, state: "unreachable", latency: NaN }), { words: "camera unreachable", tone: "alert" });
  assert.equal(barOf({ ...LIVE, connected: false }).tone, "alert");
  assert.equal(barOf({ ...LIVE, state: "", latency: NaN }).words, "starts");
  assert.equal(barOf({ ...LIVE, state: "disabled" }).words, "switched off");
});

test("a reason stands in the picture's place, and not over a picture of now", () => {
  assert.equal(reasonOf(LIVE), "");
  assert.equal(reasonOf({ ...LIVE, state: "", latency: NaN }), "");
  const away = { ...LIVE, state: "unreachable", detail: "no route to host", latency: 12 };
  assert.equal(reasonOf(away), "camera unreachable: no route to host");
  assert.equal(reasonOf({ ...LIVE, connected: false }), "no connection to PyNVR");
});

test("every key that is told does something", () => {
  for (const key of HELP.flatMap(({ keys }) => keys.flatMap(([names]) => names.split("  ")))) {
    if (key === "Enter") continue; // a button's own
    const name = { "1 … 9": "5", "←": "ArrowLeft", "→": "ArrowRight", Esc: "Escape" }[key] ?? key.toLowerCase();
    assert.ok(commandOf(name), key);
  }
  assert.deepEqual(commandOf("9"), { do: "camera", number: 8 });
  assert.equal(commandOf("x"), null);
});

test("it is said which stream is shown where that isn't what one expects", () => {
  const none = { source: /** @type {const} */ ("main"), standsIn: false, trouble: "" };
  assert.equal(streamWords(none, false), "");
  assert.equal(streamWords(none, true), "");
  assert.equal(streamWords({ ...none, standsIn: true }, false), "main stream");
  const refused = { ...none, standsIn: true, trouble: "refused: wrong password" };
  assert.equal(streamWords(refused, false), "main stream");
  assert.equal(streamWords(refused, true), "main stream, for the sub-stream is away (refused: wrong password)");
  assert.equal(streamWords({ ...none, source: "sub" }, false), "");
  assert.equal(streamWords({ ...none, source: "sub", standsIn: true }, true), "sub-stream");
});
