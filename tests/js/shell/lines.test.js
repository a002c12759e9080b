// @ts-check
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { ApiError } from "../../../pynvr/web/static/shell/api.js";
import { lines, resultOf, valuesOf } from "../../../pynvr/web/static/shell/lines.js";

const really = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = really;
});

/**
 * @param {readonly (string | Uint8Array)[]} pieces
 * @param {() => void} [cancelled]
 */
function streamOf(pieces, cancelled) {
  const left = pieces.map((piece) => (typeof piece === "string" ? new TextEncoder().encode(piece) : piece));
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
    cancel: cancelled,
  });
}

/** @param {AsyncGenerator<any>} values */
async function all(values) {
  const found = [];
  for await (const value of values) found.push(value);
  return found;
}

test("values come whole, wherever the pieces are cut", async () => {
  const text = new TextEncoder().encode('{"a":"Ä"}\n{"b":2}\n\n{"c":3}');
  for (let cut = 1; cut < text.length; cut += 1) {
    const found = await all(valuesOf(streamOf([text.slice(0, cut), text.slice(cut)])));
    assert.deepEqual(found, [{ a: "Ä" }, { b: 2 }, { c: 3 }]);
  }
});

test("leaving the loop hangs up", async () => {
  let cancelled = false;
  const stream = streamOf(['{"a":1}\n', '{"a":2}\n', '{"a":3}\n'], () => (cancelled = true));
  for await (const value of valuesOf(stream)) {
    assert.deepEqual(value, { a: 1 });
    break;
  }
  assert.ok(cancelled);
});

test("a result is given when the answer has been read to its end, so that nothing is hung up", async () => {
  let cancelled = false;
  globalThis.fetch = async () =>
    new Response(streamOf(['{"progress":0.5}\n', '{"result":7}\n', "\n"], () => (cancelled = true)));
  /** @type {any[]} */
  const told = [];
  assert.equal(await resultOf("/x", {}, (one) => told.push(one)), 7);
  assert.deepEqual(told, [{ progress: 0.5 }]);
  assert.ok(!cancelled);
  globalThis.fetch = async () => new Response(streamOf(['{"progress":0.5}\n']));
  await assert.rejects(resultOf("/x", {}, () => undefined), /broke off/);
});

test("a line with an error is thrown, behind those before it", async () => {
  globalThis.fetch = async () =>
    new Response(streamOf(['{"progress":0.5}\n', '{"error":{"code":"searcher","message":"it died"}}\n']));
  /** @type {any[]} */
  const found = [];
  await assert.rejects(
    async () => {
      for await (const value of lines("/x")) found.push(value);
    },
    (error) => error instanceof ApiError && error.code === "searcher" && error.message === "it died",
  );
  assert.deepEqual(found, [{ progress: 0.5 }]);
});

test("an answer that is an error from the beginning is one", async () => {
  globalThis.fetch = async () =>
    new Response('{"error":{"code":"busy","message":"later"}}', { status: 503, headers: { "Retry-After": "5" } });
  await assert.rejects(all(lines("/x")), (error) => error instanceof ApiError && error.retryAfter === 5);
  globalThis.fetch = async () => {
    throw new TypeError("no network");
  };
  await assert.rejects(all(lines("/x")), (error) => error instanceof ApiError && error.code === "unreachable");
});
