import assert from "node:assert/strict";
import { test } from "node:test";

import { indexAt, merged, spanAt, startAfter } from "../../../pynvr/web/static/player/spans.js";

const SPANS = [
  [10, 20],
  [30, 40],
  [40.5, 50],
];

test("an instant lies in the span that holds it; ends are outside", () => {
  assert.deepEqual(
    [9, 10, 19.9, 20, 35, 60].map((time) => spanAt(SPANS, time)),
    [null, SPANS[0], SPANS[0], null, SPANS[1], null],
  );
  assert.equal(indexAt([], 5), -1);
});

test("the next start is found from anywhere", () => {
  assert.deepEqual(
    [0, 10, 25, 41, 99].map((time) => startAfter(SPANS, time)),
    [10, 30, 30, null, null],
  );
});

test("touching spans become one, whichever list they come from", () => {
  assert.deepEqual(
    merged(
      [
        [0, 10],
        [20, 30],
      ],
      [[10.0005, 20]],
    ),
    [[0, 30]],
  );
  assert.deepEqual(
    merged(
      [[0, 10]],
      [
        [2, 5],
        [11, 12],
      ],
    ),
    [
      [0, 10],
      [11, 12],
    ],
  );
});
