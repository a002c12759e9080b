import assert from "node:assert/strict";
import { test } from "node:test";

import { changesOf, mistakesByField, valuesOf, withoutHidden } from "../../../pynvr/web/static/settings/document.js";
import { headersOf, linesOf } from "../../../pynvr/web/static/settings/headers.js";

const GATE = { id: "gate", post_url: "https://example.org/in", post_token: "***", post_headers: { "X-Key": "***", "X-Place": "***" } };
const patch = (changes) => changesOf(valuesOf(GATE), withoutHidden({ ...valuesOf(GATE), ...changes }));

test("headers are lines, and the other way", () => {
  assert.equal(linesOf({ "X-Key": "a: b", Other: "" }), "X-Key: a: b\nOther: ");
  assert.deepEqual(headersOf("X-Key: a: b\n\n Other :  "), { "X-Key": "a: b", Other: "" });
  assert.deepEqual([linesOf(undefined), linesOf(null), headersOf(" \n")], ["", "", null]);
});

test("what is no header stays as it was typed, for the server to say", () => {
  assert.equal(headersOf("X-Key: a\nnonsense"), "X-Key: a\nnonsense");
  assert.equal(mistakesByField([{ key: "post_headers", message: "expected an object" }]).get("post_headers"), "expected an object");
});

test("a header that is gone is taken away, and the masked ones stay as they are", () => {
  assert.deepEqual(patch({}), {});
  assert.deepEqual(patch({ post_headers: "X-Key: ***\nX-New: 5" }), { post_headers: { "X-Place": null, "X-Key": "***", "X-New": "5" } });
  assert.deepEqual(patch({ post_headers: "" }), { post_headers: null });
});

test("without an address its token and headers go as well", () => {
  assert.deepEqual(patch({ post_url: "" }), { post_url: null, post_token: null, post_headers: null });
});
