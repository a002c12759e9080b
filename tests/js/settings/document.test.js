import assert from "node:assert/strict";
import { test } from "node:test";

import { changesOf, documentOf, mistakesByField, valuesOf, withoutHidden } from "../../../pynvr/web/static/settings/document.js";
import { FIELDS } from "../../../pynvr/web/static/settings/fields.js";

const GATE = {
  id: "gate",
  url: "rtsp://root:***@192.0.2.7/1",
  name: "Gate",
  enabled: true,
  retry: { first: 2, jitter: 0.1 },
  record: { mode: "schedule", schedule: "period:22-05", codec: "h264", bitrate_kbps: 800 },
  retention: { max_days: 30 },
};

const edited = (document, changes) => ({ ...valuesOf(document), ...changes });
const patch = (document, changes) => changesOf(valuesOf(document), withoutHidden(edited(document, changes)));

test("what wasn't touched isn't sent", () => {
  assert.deepEqual(patch(GATE, {}), {});
  assert.deepEqual(patch({ id: "a", url: "rtsp://a" }, {}), {});
});

test("a change is sent alone, at its depth", () => {
  assert.deepEqual(patch(GATE, { name: "Gate, north" }), { name: "Gate, north" });
  assert.deepEqual(patch(GATE, { "retry.longest": "30" }), { retry: { longest: 30 } });
  assert.deepEqual(patch(GATE, { "retention.max_days": "14,5", "retention.max_gb": " 200 " }), {
    retention: { max_days: 14.5, max_gb: 200 },
  });
});

test("what is emptied loses its entry", () => {
  assert.deepEqual(patch(GATE, { "retention.max_days": "" }), { retention: { max_days: null } });
  assert.deepEqual(patch(GATE, { "record.mode": "" }), { record: { mode: null } });
});

test("what is no number goes to the server as it was typed, which says what it expected", () => {
  assert.deepEqual(patch(GATE, { "retention.max_days": "many" }), { retention: { max_days: "many" } });
});

test("figures of an encoder go with the encoder; a schedule waits for its mode to come back", () => {
  assert.deepEqual(patch(GATE, { "record.codec": "copy" }), { record: { codec: "copy", bitrate_kbps: null } });
  assert.deepEqual(patch(GATE, { "record.mode": "always" }), { record: { mode: "always" } });
});

test("a schedule is sent in its long form when it is changed, and only then", () => {
  const periods = valuesOf(GATE)["record.schedule"];
  assert.deepEqual(periods, [{ days: Array(7).fill(true), from: "22:00", to: "06:00" }]);
  const weekend = [{ days: [false, false, false, false, false, true, true], from: "22:00", to: "06:00" }];
  assert.deepEqual(patch(GATE, { "record.schedule": weekend }), {
    record: { schedule: [{ days: "sat,sun", from: "22:00", to: "06:00" }] },
  });
  assert.deepEqual(patch(GATE, { "record.schedule": [] }), { record: { schedule: null } });
});

test("a new camera holds only what was filled in", () => {
  const values = edited({}, { url: "rtsp://a/1", name: " Yard ", "record.codec": "", "record.bitrate_kbps": "500" });
  assert.deepEqual(documentOf(values), { url: "rtsp://a/1", name: "Yard" });
  assert.deepEqual(documentOf(edited({}, { url: "rtsp://a/1", enabled: false })), { url: "rtsp://a/1", enabled: false });
});

test("a camera that is tried out keeps the keys that have no field", () => {
  const tried = documentOf(edited(GATE, { "retry.first": "" }), GATE);
  assert.deepEqual(tried.retry, { jitter: 0.1 });
  assert.equal(tried.id, "gate");
  assert.deepEqual(GATE.retry, { first: 2, jitter: 0.1 });
  assert.equal(documentOf(edited(GATE, { "retention.max_days": "" }), GATE).retention, undefined);
});

test("mistakes stand at their fields, the others together", () => {
  const found = mistakesByField([
    { key: "url", message: "found nothing" },
    { key: "record.schedule[0].from", message: "found 25:00" },
    { key: "record.schedule[1]", message: "found a list" },
    { key: "retry.jitter", message: "found 7" },
    { key: "", message: "in the file" },
  ]);
  assert.equal(found.get("url"), "found nothing");
  assert.equal(found.get("record.schedule"), "found 25:00; found a list");
  assert.equal(found.get(""), "retry.jitter: found 7; in the file");
});

test("what is wrong with a number is told in a form's words", () => {
  const said = (key, message) => mistakesByField([{ key, message }]).get(key);
  const limit = 'found "abc", expected a number above 0, up to 1e+09 (GB of 10^9 bytes), or null for none';
  assert.equal(said("retention.max_gb", limit), "A number above 0; leave it empty for no limit.");
  assert.equal(said("retry.first", 'found "x", expected a number from 0.1 to 3600 (seconds)'), "A number from 0.1 to 3600.");
  assert.equal(said("record.width", 'found "x", expected a whole number from 16 to 8192'), "A whole number from 16 to 8192.");
  assert.equal(said("retention.max_days", "found 3, expected at most max_days (2)"), "found 3, expected at most max_days (2)");
});

test("no field stands twice, and each has what its kind needs", () => {
  const paths = FIELDS.map(({ path }) => path);
  assert.equal(new Set(paths).size, paths.length);
  for (const field of FIELDS) {
    if (field.kind === "choice") assert.ok(field.options?.some(([value]) => value === field.fallback), field.path);
    if (field.when) assert.ok(paths.includes(field.when.path), field.path);
  }
});

test("a detector is switched as nvr.json has it, and keeps its figures and zones while it is off", () => {
  const zone = { x: 0, y: 0.5, width: 1, height: 0.5 };
  const known = { ...GATE, detect: { motion: { enabled: true, fps: 2, zones: [zone] } } };
  assert.deepEqual(patch(known, {}), {});
  assert.deepEqual(patch(known, { "detect.motion.enabled": "false" }), { detect: { motion: { enabled: false } } });
  assert.deepEqual(patch(GATE, { "detect.faces.enabled": "true", "detect.faces.cooldown_seconds": "60" }), {
    detect: { faces: { enabled: true, cooldown_seconds: 60 } },
  });
  assert.deepEqual(patch(known, { "detect.motion.enabled": "" }), { detect: { motion: { enabled: null } } });
  const [corners] = valuesOf(known)["detect.motion.zones"];
  assert.deepEqual(patch(known, { "detect.motion.zones": [corners, [[0, 0], [1, 0], [1, 0.2]]] }), {
    detect: { motion: { zones: [zone, [[0, 0], [1, 0], [1, 0.2]]] } },
  });
  assert.deepEqual(patch(known, { "detect.motion.zones": [] }), { detect: { motion: { zones: null } } });
});
