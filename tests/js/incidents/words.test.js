import assert from "node:assert/strict";
import { test } from "node:test";

import { factsOf, mayHavePicture, mayRetry, missingWords, stateOf } from "../../../pynvr/web/static/incidents/words.js";

const NOW = Date.UTC(2026, 10, 21, 13, 5, 0) / 1000;
const HERE = { now: NOW, zone: "Europe/Berlin" };
const ONE = {
  id: 1, camera_id: "gate", incident_time: NOW - 100, start: NOW - 105, end: NOW - 95, exact: false, codec: "copy", note: "",
  deliver: true, upload_status: "pending", attempts: 0, next_try: null, last_error: "", created_by: "admin", uploaded_at: null,
  clip_url: null, clip_bytes: null, missing: [], missing_seconds: 0,
};
const told = (more) => stateOf({ ...ONE, ...more }, HERE);

test("a clip that can't be there yet says when its last second is", () => {
  assert.deepEqual(told({ end: NOW + 10 }), { state: "waiting for its end", tone: "accent", more: "Its last second is 14:05:10." });
  assert.deepEqual(told({}), { state: "clip is being made", tone: "accent", more: "" });
  assert.deepEqual(told({ last_error: "the disk is full", next_try: NOW + 30 }), {
    state: "clip is being made",
    tone: "warn",
    more: "The disk is full. Tried again at 14:05:30.",
  });
});

test("a clip that nobody gets is ready, one that somebody gets waits for its turn", () => {
  assert.equal(told({ upload_status: "extracted", deliver: false }).state, "clip ready");
  assert.deepEqual(told({ upload_status: "extracted" }), { state: "waiting for delivery", tone: "accent", more: "The clip is there." });
});

test("a delivery that failed says why, how often, and when it is tried again", () => {
  const more = { upload_status: "waiting", attempts: 3, last_error: "example.org answers 500", next_try: NOW + 90 };
  assert.deepEqual(told(more), {
    state: "not delivered yet",
    tone: "warn",
    more: "example.org answers 500. 3 attempts. Tried again at 14:06:30.",
  });
  assert.equal(told({ ...more, next_try: NOW - 1 }).more, "example.org answers 500. 3 attempts. Tried again when its turn comes.");
});

test("delivered says when; failed says whether there is a clip", () => {
  assert.deepEqual(told({ upload_status: "uploaded", uploaded_at: NOW - 60, attempts: 1 }), {
    state: "delivered 14:04:00",
    tone: "good",
    more: "The clip was deleted after delivery, as is set for delivered clips.",
  });
  assert.equal(told({ upload_status: "uploaded", uploaded_at: NOW - 60, attempts: 1, clip_url: "/api/incidents/1/clip.mp4" }).more, "");
  assert.equal(told({ upload_status: "failed", last_error: "nothing was recorded" }).state, "no clip");
  assert.equal(told({ upload_status: "failed", clip_url: "/api/incidents/1/clip.mp4" }).state, "refused");
});

test("what can be tried again is what nobody is at", () => {
  const may = (more) => mayRetry({ ...ONE, ...more }, NOW);
  assert.deepEqual(["failed", "waiting", "uploading", "uploaded", "extracted"].map((upload_status) => may({ upload_status })), [true, true, false, false, false]);
  assert.deepEqual([may({}), may({ next_try: NOW + 5 }), may({ end: NOW + 5, next_try: NOW + 5 })], [false, true, false]);
});

test("missing seconds come with their cause, facts in one line", () => {
  const missing = [{ start: NOW - 100, end: NOW - 94, cause: "unreachable", detail: "no route" }, { start: NOW, end: NOW + 1, cause: "schedule", detail: "" }];
  assert.deepEqual(missingWords({ ...ONE, missing }, HERE.zone), [
    "6 s missing from 14:03:20: camera unreachable, no route",
    "1 s missing from 14:05:00: not scheduled",
  ]);
  assert.equal(factsOf({ ...ONE, clip_bytes: 5, exact: true, codec: "h264", created_by: "" }, (bytes) => `${bytes} B`), "10 s · 5 B · to the frame · as H.264 · by the command line");
});

test("a moment before the first recording is called that, and nothing is asked for where there is no picture", () => {
  const missing = [{ start: NOW - 105, end: NOW - 95, cause: "unknown", detail: "" }];
  assert.deepEqual(missingWords({ ...ONE, missing }, HERE.zone), ["10 s missing from 14:03:15: before the first recording"]);
  assert.equal(mayHavePicture({ ...ONE, missing }, undefined), false);
  assert.equal(mayHavePicture({ ...ONE, missing: [{ ...missing[0], end: ONE.incident_time }] }, undefined), true);
  assert.deepEqual([null, ONE.incident_time + 1, ONE.incident_time].map((first) => mayHavePicture(ONE, first)), [false, false, true]);
  assert.equal(mayHavePicture({ ...ONE, clip_url: "/api/incidents/1/clip.mp4" }, null), true);
});
