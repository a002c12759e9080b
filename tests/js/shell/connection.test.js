import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Connection } from "../../../pynvr/web/static/shell/connection.js";

/** As much of a browser as a connection needs: sockets and timers that the test has in its hands. */
let browser;

class Socket extends EventTarget {
  static OPEN = 1;
  readyState = 0;

  constructor() {
    super();
    browser.sockets.push(this);
  }

  opens() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  closes(code) {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }

  send() {}
  close() {}
}

beforeEach(() => {
  browser = { sockets: [], delays: [], asked: [], gone: [], status: 200 };
  const document = Object.assign(new EventTarget(), { hidden: false });
  const location = { pathname: "/live", search: "?x=1", hash: "", assign: (place) => browser.gone.push(place) };
  const fetch = async (path) => {
    browser.asked.push(path);
    return new Response(JSON.stringify({ name: "me" }), { status: browser.status });
  };
  const setTimeout = (work, delay) => {
    browser.delays.push(delay);
    browser.again = work;
    return 1;
  };
  Object.assign(globalThis, { WebSocket: Socket, document, location, fetch, window: { setTimeout }, setInterval: () => 0 });
});

const settled = () => new Promise((done) => setImmediate(done));

test("who was logged out meanwhile is sent to log in", async () => {
  new Connection("ws://here/ws/live").open();
  browser.status = 401;
  browser.sockets[0].closes(1006);
  await settled();
  assert.deepEqual(browser.asked, ["/api/me"]);
  assert.deepEqual(browser.gone, ["/login?next=%2Flive%3Fx%3D1"]);
});

test("who is still logged in stays, and tries again ever later", async () => {
  new Connection("ws://here/ws/live").open();
  for (let n = 0; n < 8; n += 1) {
    browser.sockets.at(-1).closes(1006);
    await settled();
    browser.again();
  }
  assert.deepEqual(browser.gone, []);
  assert.equal(browser.sockets.length, 9);
  const nominal = [500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000];
  browser.delays.forEach((delay, n) => assert.ok(delay >= 0.8 * nominal[n] && delay <= 1.2 * nominal[n], `${delay}`));
});

test("a line that was open and broke asks nothing", async () => {
  new Connection("ws://here/ws/live").open();
  browser.sockets[0].opens();
  browser.sockets[0].closes(1006);
  await settled();
  assert.deepEqual(browser.asked, []);
});

test("where too many watch it doesn't come again at once, though it was let in", async () => {
  new Connection("ws://here/ws/live").open();
  browser.sockets[0].opens();
  browser.sockets[0].closes(1013);
  await settled();
  assert.ok(browser.delays[0] >= 8000);
});
