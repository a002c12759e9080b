import assert from "node:assert/strict";
import { test } from "node:test";

import { joined, queryOf, readWish, writeWish } from "../../../pynvr/web/static/log/wish.js";
import { factsOf, whoWords } from "../../../pynvr/web/static/log/words.js";

const entry = (id, more = {}) => ({ id, time: 0, source: "web", actor: "", address: "", detail: {}, ...more });
const ids = (list) => list.map(({ id }) => id);

test("the address says what is looked for, and nothing else", () => {
  assert.equal(writeWish(readWish("")), "");
  const wish = { q: "a & b", source: "web,command", level: "error", actor: "anna", camera: "gate", from: "2026-11-20", to: "2026-11-21" };
  assert.deepEqual(readWish(writeWish(wish)), wish);
});

test("the server is asked for just that", () => {
  assert.equal(queryOf(readWish(""), { from: null, to: null }), "");
  assert.equal(
    queryOf(readWish("?q= a+b&camera=gate&level=error"), { from: 5, to: 9 }),
    "?q=a+b&level=error&camera_ids=gate&since=5&until=9",
  );
});

test("what has come since stands above, and what is told late in its place", () => {
  const known = [entry("30.0.gate"), entry("20.4."), entry("10.3.")];
  const fresh = [entry("40.6."), entry("30.5."), entry("30.0.gate"), entry("25.0.yard"), entry("20.4.")];
  const { entries, meet } = joined(known, fresh, false);
  assert.ok(meet);
  assert.deepEqual(ids(entries), ["40.6.", "30.5.", "30.0.gate", "25.0.yard", "20.4.", "10.3."]);
});

test("when too much has come to know what is between, the new ones stand alone", () => {
  const { entries, meet } = joined([entry("10.1.")], [entry("50.9."), entry("40.8.")], false);
  assert.ok(!meet);
  assert.deepEqual(ids(entries), ["50.9.", "40.8."]);
  assert.ok(joined([entry("10.1.")], [entry("50.9.")], true).meet);
  assert.ok(joined([], [], false).meet);
});

test("who it was is said in words", () => {
  assert.equal(whoWords(entry("1", { actor: "anna", address: "192.0.2.7" })), "anna, from 192.0.2.7");
  assert.equal(whoWords(entry("1", { actor: "backup", detail: { token: true } })), "token backup");
  assert.equal(whoWords(entry("1", { address: "192.0.2.7" })), "somebody, from 192.0.2.7");
  assert.equal(whoWords(entry("1", { source: "command", actor: "root" })), "root, by a command on the machine");
  assert.equal(whoWords(entry("1", { source: "master" })), "PyNVR");
  assert.equal(whoWords(entry("1", { source: "camera" })), "");
});

test("figures are said where they say something", () => {
  const changed = { "retention.max_days": [null, 7], enabled: [true, false], url: ["…", "…"] };
  assert.deepEqual(factsOf(entry("1", { detail: { changed } })), ["retention.max_days: not set → 7", "enabled: on → off"]);
  assert.deepEqual(factsOf(entry("1", { action: "video.download", detail: { bytes: 2_000_000 } })), ["2.0 MB"]);
  assert.deepEqual(factsOf(entry("1", { action: "x", detail: { bytes: 5 } })), []);
});
