import assert from "node:assert/strict";
import { test } from "node:test";

import { Seen, sightWords } from "../../../pynvr/web/static/live/seen.js";
import { agoWords } from "../../../pynvr/web/static/live/words.js";

const BOX = { x: 0.1, y: 0.2, width: 0.3, height: 0.4, confidence: 0.9 };
const OTHER = { ...BOX, x: 0.6 };
const look = (time, boxes = [BOX], kind = "motion") => ({ kind, time, boxes });

test("what is drawn belongs to the picture that is shown, not to one that is still to come", () => {
  const seen = new Seen();
  seen.hear(look(100, [BOX]), 1);
  seen.hear(look(101, [OTHER]), 2);
  assert.deepEqual(seen.at(99, 2), []);
  const boxesAt = (shown) => seen.at(shown, 2).map(({ boxes }) => boxes);
  assert.deepEqual(boxesAt(100.2), [[BOX]]);
  assert.deepEqual(boxesAt(100.9), [[OTHER]]);
  assert.deepEqual(boxesAt(NaN), [[OTHER]]);
});

test("what was seen a good while before the picture is told as past: it may be elsewhere", () => {
  const seen = new Seen();
  seen.hear(look(100), 1);
  assert.deepEqual(seen.at(99.9, 1), [{ kind: "motion", boxes: [BOX], isPast: false }]);
  assert.deepEqual(seen.at(100.4, 1), [{ kind: "motion", boxes: [BOX], isPast: false }]);
  assert.deepEqual(seen.at(101.5, 2), [{ kind: "motion", boxes: [BOX], isPast: true }]);
  seen.hear(look(102, [OTHER]), 3);
  assert.deepEqual(seen.at(102, 3), [{ kind: "motion", boxes: [OTHER], isPast: false }]);
  assert.equal(seen.at(NaN, 3)[0].isPast, false);
});

test("an empty scene ends it, with its picture", () => {
  const seen = new Seen();
  seen.hear(look(100), 1);
  seen.hear(look(101, []), 2);
  assert.equal(seen.at(100.5, 2).length, 1);
  assert.deepEqual(seen.at(101.5, 2), []);
});

test("without news it ends by itself, later where looks are rare", () => {
  const often = new Seen();
  often.hear(look(100), 1);
  often.hear(look(101), 2);
  assert.equal(often.at(103, 4).length, 1);
  assert.deepEqual(often.at(105, 6), []);
  const rarely = new Seen();
  rarely.hear(look(100), 1);
  rarely.hear(look(105), 6);
  assert.equal(rarely.at(115, 16).length, 1);
  assert.deepEqual(rarely.at(130, 31), []);
  const once = new Seen();
  once.hear(look(100), 1);
  assert.equal(once.at(104, 5).length, 1);
  assert.deepEqual(once.at(109, 10), []);
});

test("kinds are seen beside one another, and forgotten together", () => {
  const seen = new Seen();
  seen.hear(look(100, [BOX, OTHER]), 1);
  seen.hear(look(100, [BOX, OTHER], "face"), 1);
  assert.equal(sightWords(seen.at(100, 1)), "motion · 2 faces");
  seen.clear();
  assert.deepEqual(seen.at(100, 1), []);
  assert.equal(sightWords([{ kind: "face", boxes: [BOX] }]), "face");
  assert.equal(sightWords([]), "");
});

test("how long ago it was is said in what one counts by", () => {
  assert.deepEqual([-1, 0, 30.4, 119, 180].map(agoWords), ["0 s ago", "0 s ago", "30 s ago", "119 s ago", "3 min ago"]);
});
