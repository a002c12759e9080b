// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_SPAN_S, Scale } from "../../../pynvr/web/static/timeline/scale.js";
import { ticks } from "../../../pynvr/web/static/timeline/ticks.js";
import { Zone } from "../../../pynvr/web/static/timeline/zone.js";

const BERLIN = new Zone("Europe/Berlin");
const HOUR = 3600;
const BACK = Date.UTC(2026, 9, 25, 1) / 1000;
const FORWARD = Date.UTC(2026, 2, 29, 1) / 1000;
const WIDTH = 1_300;

const widthOf = (/** @type {string} */ text) => text.length * 6.5;

/**
 * @param {number} from
 * @param {number} span
 * @param {Zone} [zone]
 */
function ticksOf(from, span, zone = BERLIN) {
  return ticks(new Scale({ from, to: from + span }, 0, WIDTH), zone, widthOf);
}

/** @param {ReturnType<typeof ticks>} found */
const texts = (found) => found.major.map((tick) => tick.text).filter(Boolean);

test("labels fit at every zoom from two seconds to a quarter, and tell at least three times apart", () => {
  for (let span = 2; span <= MAX_SPAN_S; span *= 1.2) {
    const scale = new Scale({ from: BACK - span / 2, to: BACK + span / 2 }, 0, WIDTH);
    const shown = ticks(scale, BERLIN, widthOf).major.filter((tick) => tick.text);
    const seen = shown.filter((tick) => tick.t >= scale.from && tick.t <= scale.to);
    assert.ok(seen.length >= 3 && seen.length <= 30, `${span} s: ${seen.length} labels`);
    shown.slice(1).forEach((tick, index) => {
      const room = scale.x(tick.t) - scale.x(shown[index].t);
      assert.ok(room >= (widthOf(tick.text) + widthOf(shown[index].text)) / 2, `${span} s: ${tick.text} overlaps`);
    });
    // Over a day, the day above tells them apart.
    if (span < 20 * HOUR) assert.equal(new Set(seen.map((tick) => tick.text)).size, seen.length, `${span} s: twice the same`);
  }
});

test("steps are of local time, in zones with odd offsets too", () => {
  const kathmandu = new Zone("Asia/Kathmandu");
  const found = ticksOf(Date.UTC(2026, 10, 21, 0, 0) / 1000, 20 * HOUR, kathmandu);
  assert.equal(found.step.seconds, HOUR);
  assert.ok(texts(found).every((text) => text.endsWith(":00")), texts(found).join());
});

test("the hour that comes twice is twice on the axis, and the second says so", () => {
  const found = ticksOf(BACK - 3 * HOUR, 6 * HOUR);
  const shown = texts(found);
  assert.ok(shown.includes("02:00") && shown.includes("02:00 2nd"), shown.join());
  assert.deepEqual(found.notices.map(({ from, to }) => [from, to]), [[BACK, BACK + HOUR]]);
  const scale = new Scale({ from: BACK - 3 * HOUR, to: BACK + 3 * HOUR }, 0, WIDTH);
  const [first, second] = ["02:00", "02:00 2nd"].map((text) => found.major.find((tick) => tick.text === text));
  assert.ok(first && second);
  assert.ok(Math.abs(scale.x(second.t) - scale.x(first.t) - WIDTH / 6) < 1e-6, "an hour apart in truth");
});

test("the hour that doesn't exist isn't on the axis", () => {
  const found = ticksOf(FORWARD - 3 * HOUR, 6 * HOUR);
  const shown = texts(found);
  assert.ok(shown.includes("01:40") && shown.includes("03:00") && !shown.includes("02:00"), shown.join());
  assert.deepEqual(found.notices.map(({ texts: words }) => words[0]), ["clocks forward to 03:00"]);
});

test("where hours can't be seen, nobody is told of one more", () => {
  assert.deepEqual(ticksOf(BACK - 10 * 86_400, 20 * 86_400).notices, []);
});

test("days start at local midnight, also when they are 25 hours long", () => {
  const found = ticksOf(BACK - 8 * 86_400, 16 * 86_400);
  assert.equal(found.step.days, 1);
  assert.ok(found.major.every((tick) => BERLIN.startOfDay(tick.t) === tick.t));
  const length = found.major.slice(1).map((tick, index) => (tick.t - found.major[index].t) / HOUR);
  assert.equal(length.filter((hours) => hours === 25).length, 1);
  assert.equal(length.filter((hours) => hours !== 25 && hours !== 24).length, 0);
});

test("over the times stands the day, over the days the month, over the months the year", () => {
  const words = (/** @type {number} */ span) => ticksOf(BACK, span).contexts.map((context) => context.texts[0]);
  assert.deepEqual(words(2 * HOUR), ["Sunday 25 October 2026"]);
  assert.deepEqual(words(16 * 86_400), ["October 2026", "November 2026"]);
  assert.equal(ticks(new Scale({ from: BACK, to: BACK + MAX_SPAN_S }, 0, 130), BERLIN, widthOf).contexts[0].texts[0], "2026");
});

test("what is named above starts with a strong line", () => {
  const strong = ticksOf(BACK - 2 * 86_400, 4 * 86_400).major.filter((tick) => tick.strong);
  assert.ok(strong.length >= 4);
  assert.ok(strong.every((tick) => BERLIN.startOfDay(tick.t) === tick.t));
  const months = ticksOf(BACK, 30 * 86_400).major.filter((tick) => tick.strong);
  assert.deepEqual(months.map((tick) => tick.text), ["Sun 1"]);
});
