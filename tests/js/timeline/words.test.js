// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { cursorWords } from "../../../pynvr/web/static/timeline/draw_over.js";
import { areaAt, cameraAt, layout, preferredHeight } from "../../../pynvr/web/static/timeline/rows.js";
import { Scale } from "../../../pynvr/web/static/timeline/scale.js";
import { cursorText, rowWords } from "../../../pynvr/web/static/timeline/spoken_words.js";
import { targetAt } from "../../../pynvr/web/static/timeline/targets.js";
import { activityWords, clock, stretch } from "../../../pynvr/web/static/timeline/words.js";
import { Zone } from "../../../pynvr/web/static/timeline/zone.js";
import { tile } from "./tile_fixture.js";

const BERLIN = new Zone("Europe/Berlin");
const AT = Date.UTC(2026, 10, 21, 13, 7, 31, 240) / 1000;
const CAMERAS = Array.from({ length: 16 }, (_, index) => ({ id: `c${index}`, name: `Camera ${index}` }));

test("the cursor's time is as exact as a pixel is", () => {
  assert.equal(cursorWords(BERLIN, AT, 0.001), "14:07:31.24");
  assert.equal(cursorWords(BERLIN, AT, 0.1), "14:07:31.2");
  assert.equal(cursorWords(BERLIN, AT, 60), "14:07:31");
  assert.equal(cursorWords(BERLIN, AT, 2_000), "Sat 21 Nov 14:07");
});

test("the second pass through an hour is told from the first", () => {
  const back = Date.UTC(2026, 9, 25, 1, 30) / 1000;
  assert.deepEqual([back - 3_600, back].map((t) => clock(BERLIN, t, "minute")), ["02:30", "02:30 2nd"]);
});

test("a stretch within a day needs no date, one over midnight does", () => {
  assert.equal(stretch(BERLIN, AT, AT + 1_200), "14:07–14:27");
  assert.equal(stretch(BERLIN, AT, AT + 40), "14:07:31–14:08:11");
  assert.equal(stretch(BERLIN, AT, AT + 40_000), "Sat 21 Nov 14:07 – Sun 22 Nov 01:14");
});

test("the cursor is told in words, with the cameras that have nothing", () => {
  const there = { name: "Gate", recorded: true, cause: "" };
  assert.equal(cursorText(BERLIN, AT, [there]), "Saturday 21 November 2026, 14:07:31");
  const away = { name: "Yard", recorded: false, cause: "camera unreachable" };
  assert.match(cursorText(BERLIN, AT, [there, away]), /; Yard: camera unreachable$/);
  assert.match(cursorText(BERLIN, AT, [away, away]), /no camera recorded$/);
});

test("a row is told in words", () => {
  const one = tile(10, 175_000);
  one.spans = [[one.from, one.from + 600], [one.from + 660, one.from + 1_260]];
  one.gaps = [[one.from + 600, one.from + 660, "unreachable", ""]];
  const words = rowWords(BERLIN, CAMERAS[0], [{ from: one.from, to: one.to, tile: one }]);
  assert.match(words, /^Camera 0: 20 min recorded; camera unreachable \d\d:\d\d:\d\d–\d\d:\d\d:\d\d$/);
  assert.equal(rowWords(BERLIN, CAMERAS[0], [{ from: 0, to: 1, tile: null }]), "Camera 0: loading");
});

/** @param {Partial<Parameters<typeof layout>[0]>} [more] */
const laid = (more = {}) => layout({ width: 1_400, height: 200, cameras: CAMERAS.slice(0, 4), touch: false, scroll: 0, nameWidth: 60, ...more });

test("rows share the height, shrink, and scroll when they can't shrink any more", () => {
  assert.deepEqual([laid().maxScroll, laid().rows.length], [0, 4]);
  const many = laid({ cameras: CAMERAS });
  assert.ok(many.maxScroll > 0 && many.rows.length < 16 && many.rows[0].height >= 13);
  const end = laid({ cameras: CAMERAS, scroll: 99_999 });
  assert.equal(end.scroll, end.maxScroll);
  assert.equal(end.rows.at(-1)?.camera.id, "c15");
  assert.ok((end.rows.at(-1)?.top ?? 0) + (end.rows.at(-1)?.height ?? 0) <= 200);
  assert.equal(laid({ cameras: CAMERAS, height: preferredHeight(16, false) }).maxScroll, 0);
});

test("on a phone the names stand inside and the axis has the whole width", () => {
  assert.equal(laid({ width: 390 }).gutter, 0);
  assert.ok(laid().gutter >= 72);
  assert.ok(laid({ touch: true }).header > laid().header);
});

test("each place of the canvas belongs to something", () => {
  const rows = laid();
  assert.deepEqual([areaAt(rows, 700, 10), areaAt(rows, 20, 90), areaAt(rows, 700, 90)], ["header", "names", "rows"]);
  assert.equal(cameraAt(rows, rows.rows[2].top + 2)?.id, "c2");
  assert.equal(cameraAt(rows, 5_000)?.id, "c3", "a drag that has left the canvas");
  assert.equal(cameraAt(laid({ cameras: [] }), 90), null);
});

test("handles are easy to hit with a finger, and give way to the rows between them", () => {
  const rows = laid();
  const scale = new Scale({ from: 0, to: 1_000 }, 100, 1_000);
  const at = (/** @type {number} */ x, /** @type {"mouse" | "touch"} */ kind) => (
    targetAt({ x, y: 90, kind }, rows, scale, { from: 300, to: 500 }, null));
  assert.deepEqual([at(405, "mouse"), at(596, "mouse"), at(420, "mouse"), at(420, "touch")], ["handle-from", "handle-to", "rows", "handle-from"]);
  const box = { x: 900, y: 10, width: 80, height: 18 };
  assert.equal(targetAt({ x: 930, y: 20, kind: "mouse" }, rows, scale, null, box), "back");
});

test("a bar of activity says what it means, and whose it is among several", () => {
  assert.equal(activityWords(0.174), "activity 17 %, how much changed in the picture");
  assert.equal(activityWords(1, "Gate"), "Gate: activity 100 %, how much changed in the picture");
  assert.equal(activityWords(0, "Gate"), "");
});
