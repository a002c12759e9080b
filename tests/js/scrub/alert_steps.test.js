import assert from "node:assert/strict";
import { test } from "node:test";

import { BEFORE_ALERT_S, nextAlert, placeOf } from "../../../pynvr/web/static/scrub/alert_steps.js";

/** A server that has these alerts, [id, time], and answers as /api/alerts/ does. */
function server(alerts) {
  return async (path) => {
    const query = new URLSearchParams(path.split("?")[1]);
    const [from, to] = [Number(query.get("from") ?? 0), Number(query.get("to") ?? Infinity)];
    const [limit, offset] = [Number(query.get("limit")), Number(query.get("offset"))];
    const direction = query.get("order") === "oldest" ? 1 : -1;
    const found = alerts
      .filter(([, time]) => time >= from && time < to)
      .sort((a, b) => direction * (a[1] - b[1] || a[0] - b[0]))
      .slice(offset, offset + limit);
    return { alerts: found.map(([id, time]) => ({ id, time, stream: "gate", kind: "face" })) };
  };
}

/** The ids that are come by from a moment on, as somebody does who presses the key again and again. */
async function walked(alerts, moment, direction) {
  const get = server(alerts);
  const ids = [];
  let last = null;
  while (ids.length <= alerts.length) {
    last = await nextAlert(get, ["gate"], placeOf(last, moment, direction), direction);
    if (!last) break;
    ids.push(last.id);
    moment = last.time - BEFORE_ALERT_S;
  }
  return ids;
}

const T0 = 1_782_900_000;
const CLOSE = [
  [1, T0 + 10],
  [2, T0 + 10.2],
  [3, T0 + 10.2],
  [5, T0 + 10.2001],
  [4, T0 + 10.65],
  [6, T0 + 40],
];

test("alerts that lie close together are come by one by one, forwards and backwards", async () => {
  assert.deepEqual(await walked(CLOSE, T0, 1), [1, 2, 3, 5, 4, 6]);
  assert.deepEqual(await walked(CLOSE, T0 + 60, -1), [6, 4, 5, 3, 2, 1]);
});

test("an alert just ahead of what is shown isn't passed over", async () => {
  assert.deepEqual(await walked(CLOSE, T0 + 9, 1), [1, 2, 3, 5, 4, 6]);
  assert.deepEqual(await walked(CLOSE, T0 + 39.9, 1), [6]);
  assert.deepEqual(await walked(CLOSE, T0 + 10.1, -1), [1]);
});

test("more alerts of one instant than come at once have an end", async () => {
  const many = Array.from({ length: 120 }, (_, n) => [n + 1, T0]);
  assert.deepEqual(await walked([...many, [200, T0 + 3]], T0 - 5, 1), [...many.map(([id]) => id), 200]);
});

test("while the seconds before an alert play, it is the one that is shown; behind it, what is shown counts", () => {
  const last = { id: 7, time: T0 + 10 };
  assert.equal(placeOf(last, T0 + 8, 1), last);
  assert.equal(placeOf(last, T0 + 9.5, 1), last);
  assert.equal(placeOf(last, T0 + 11, -1).time, T0 + 11);
  assert.equal(placeOf(last, T0 + 3, 1).time, T0 + 3);
  assert.equal(placeOf(null, T0, 1).time, T0);
});
