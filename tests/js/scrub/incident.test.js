import assert from "node:assert/strict";
import { test } from "node:test";

import { incidentMoment } from "../../../pynvr/web/static/scrub/incident.js";

test("without a marked range the moment's sides are the camera's", () => {
  assert.deepEqual(incidentMoment(100, null), { time: 100, before: null, after: null });
});

test("a marked range is what lies around the moment, or begins with it", () => {
  assert.deepEqual(incidentMoment(103.2, { from: 100, to: 110 }), { time: 103.2, before: 3.2, after: 6.8 });
  assert.deepEqual(incidentMoment(103.26, { from: 100, to: 110 }), { time: 103.26, before: 3.3, after: 6.8 });
  assert.deepEqual(incidentMoment(99, { from: 100, to: 110 }), { time: 100, before: 0, after: 10 });
  assert.deepEqual(incidentMoment(111, { from: 100, to: 110 }), { time: 100, before: 0, after: 10 });
});
