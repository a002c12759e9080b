import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { ApiError, api, errorOf, loginAddress, placeAfterLogin, unwrapped } from "../../../pynvr/web/static/shell/api.js";

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
  delete globalThis.location;
});

/** The next request gets this answer; returns the list of requests that were made. */
function answering(status, body, headers = {}) {
  const asked = [];
  globalThis.fetch = async (path, options) => {
    asked.push({ path, ...options });
    return new Response(body, { status, headers });
  };
  return asked;
}

test("an answer is parsed, and taken out of version 1's envelope", async () => {
  answering(200, '{"date":"2026-11-21T14:07:31","system":{"name":"PyNVR","version":"1"},"payload":{"cameras":["gate"]}}');
  assert.deepEqual(await api.get("/api/1/cameras.json"), { cameras: ["gate"] });
  assert.deepEqual(unwrapped({ payload: 1 }), { payload: 1 });
  assert.equal(unwrapped(null), null);
});

test("only what changes something carries the header, and a body its type", async () => {
  const asked = answering(200, "{}");
  await api.get("/api/me");
  await api.post("/api/tags", { label: "post" });
  await api.delete("/api/tags/3");
  assert.equal(asked[0].headers["X-PyNVR"], undefined);
  assert.equal(asked[1].headers["X-PyNVR"], "1");
  assert.equal(asked[1].headers["Content-Type"], "application/json");
  assert.equal(asked[1].body, '{"label":"post"}');
  assert.deepEqual([asked[2].method, asked[2].headers["X-PyNVR"], asked[2].body], ["DELETE", "1", null]);
});

test("an empty answer is null", async () => {
  globalThis.fetch = async () => new Response(null, { status: 204 });
  assert.equal(await api.delete("/api/keeps/1"), null);
});

test("an error has the server's words and what else it says", async () => {
  answering(409, '{"error":{"code":"format_changes","message":"the picture changes at 14:02","at":5}}');
  const error = await api.get("/x").catch((caught) => caught);
  assert.ok(error instanceof ApiError);
  assert.deepEqual(
    [error.status, error.code, error.message, error.more.at],
    [409, "format_changes", "the picture changes at 14:02", 5],
  );
});

test("an error without words of ours has words for its status", () => {
  assert.match(errorOf(502, "<html>Bad Gateway</html>").message, /server failed/);
  assert.match(errorOf(403, "").message, /may not/);
  assert.match(errorOf(418, "null").message, /didn't work/);
});

test("how long to wait is told with the error", async () => {
  answering(429, "{}", { "Retry-After": "12" });
  const error = await api.post("/api/login", {}).catch((caught) => caught);
  assert.deepEqual([error.status, error.retryAfter], [429, 12]);
});

test("a server that can't be reached is an error in words", async () => {
  globalThis.fetch = async () => {
    throw new TypeError("fetch failed");
  };
  const error = await api.get("/api/me").catch((caught) => caught);
  assert.deepEqual([error.status, error.code], [0, "unreachable"]);
  assert.doesNotMatch(error.message, /fetch failed/);
});

test("what was aborted is told as that, not as an error of the server", async () => {
  const controller = new AbortController();
  globalThis.fetch = async (_path, { signal }) => {
    controller.abort();
    signal.throwIfAborted();
  };
  const error = await api.get("/api/me", { signal: controller.signal }).catch((caught) => caught);
  assert.equal(error.name, "AbortError");
});

test("who isn't logged in goes to the login page and comes back", async () => {
  const went = [];
  globalThis.location = { pathname: "/scrub", search: "?t=5", hash: "", assign: (address) => went.push(address) };
  answering(401, "{}");
  await assert.rejects(api.get("/api/me"));
  assert.deepEqual(went, ["/login?next=%2Fscrub%3Ft%3D5"]);
});

test("on the login page a wrong password is an error, not a way back to the login page", async () => {
  const went = [];
  globalThis.location = { pathname: "/login", search: "", hash: "", assign: (address) => went.push(address) };
  answering(401, '{"error":{"code":"wrong","message":"name or password is wrong"}}');
  await assert.rejects(api.post("/api/login", {}), /name or password is wrong/);
  assert.deepEqual(went, []);
});

test("the login leads to this site's pages only", () => {
  const after = (next) => placeAfterLogin(next, "https://nvr.home");
  assert.equal(after("/scrub?t=5&cams=a#x"), "/scrub?t=5&cams=a#x");
  for (const elsewhere of [
    null,
    "",
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "/\t/evil.example/",
    "javascript:alert(1)",
    "scrub",
    "/login",
    "/login?next=/",
    "/\\\\[",
  ]) {
    assert.equal(after(elsewhere), "/", String(elsewhere));
  }
  assert.equal(loginAddress({ pathname: "/a", search: "", hash: "#b" }), "/login?next=%2Fa%23b");
});
