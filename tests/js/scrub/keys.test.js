import assert from "node:assert/strict";
import { test } from "node:test";

import { meaningOf } from "../../../pynvr/web/static/scrub/keys.js";

const press = (key, more = {}) =>
  meaningOf({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("keys have the meanings that the help tells", () => {
  const meant = {
    " ": "toggle",
    k: "toggle",
    J: "slower",
    l: "faster",
    ",": "previousFrame",
    ".": "nextFrame",
    i: "markIn",
    "]": "markOut",
    e: "export",
    Home: "dayStart",
    n: "nextEdge",
    "?": "help",
  };
  for (const [key, command] of Object.entries(meant)) assert.equal(press(key)?.command, command, key);
});

test("arrows go further with Shift, and to activity with Ctrl", () => {
  assert.equal(press("ArrowLeft").command, "back5");
  assert.equal(press("ArrowRight", { shiftKey: true }).command, "ahead60");
  assert.equal(press("ArrowRight", { ctrlKey: true }).command, "nextActivity");
});

test("digits choose a camera", () => {
  assert.deepEqual(press("3"), { command: "camera", camera: 2 });
  assert.equal(press("0"), null);
});

test("the browser keeps its own keys", () => {
  assert.equal(press("l", { ctrlKey: true }), null);
  assert.equal(press("f", { metaKey: true }), null);
  assert.equal(press("ArrowLeft", { altKey: true }), null);
  assert.equal(press("+", { ctrlKey: true }), null);
  assert.equal(press("F5"), null);
});

test("brackets count where a keyboard needs AltGr for them", () => {
  assert.equal(press("[", { ctrlKey: true, altKey: true }).command, "markIn");
});

test("A goes to the next alert, with Shift to the one before", () => {
  const press = { key: "a", shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
  assert.deepEqual(meaningOf(press), { command: "nextAlert" });
  assert.deepEqual(meaningOf({ ...press, key: "A", shiftKey: true }), { command: "previousAlert" });
  assert.equal(meaningOf({ ...press, ctrlKey: true }), null);
});
