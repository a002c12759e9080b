// @ts-check
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { TimelineSource } from "../../../pynvr/web/static/timeline/source.js";
import { tileSpan } from "../../../pynvr/web/static/timeline/tiles.js";

const NOW = 1_795_000_000;

/**
 * A server with one event a camera a while ago, and one gap.
 * @param {{events?: Record<string, number[]>, gap?: [number, number], hold?: boolean}} [options]
 */
function served({ events = {}, gap = [0, 1], hold = false } = {}) {
  /** @type {{path: string, signal: AbortSignal | undefined, answer: () => void, fail: (error: Error) => void}[]} */
  const requests = [];
  const clock = { ms: NOW * 1000 };
  const get = (/** @type {string} */ path, /** @type {{signal?: AbortSignal}} */ { signal } = {}) => new Promise((resolve, reject) => {
    const asked = new URL(path, "http://site").searchParams;
    const number = (/** @type {string} */ name) => Number(asked.get(name));
    const [from, to, resolution] = [number("from"), number("to"), number("resolution")];
    signal?.addEventListener("abort", () => reject(signal.reason));
    const answer = () => {
      const ids = (asked.get("camera_ids") ?? "").split(",").map(decodeURIComponent);
      const now = clock.ms / 1000;
      resolve({
        from, to, resolution, timezone: "Europe/Berlin", now,
        cameras: Object.fromEntries(ids.map((id) => [id, {
          spans: [[from, Math.max(from, Math.min(gap[0], to))], [Math.min(to, Math.max(gap[1], from)), Math.min(to, now)]].filter(([a, b]) => b > a),
          gaps: gap[0] < to && gap[1] > from ? [[Math.max(from, gap[0]), Math.min(to, gap[1]), "stalled", "no packets"]] : [],
          activity: Array.from({ length: Math.ceil((to - from) / resolution) }, (_, index) => {
            const start = from + index * resolution;
            return (events[id] ?? []).some((t) => t + 3 > start && t < start + resolution) ? 0.8 : 0;
          }),
          keeps: [], tags: [],
        }])),
      });
    };
    requests.push({ path, signal, answer, fail: reject });
    if (!hold) answer();
  });
  const source = new TimelineSource({ get, clock: () => clock.ms });
  return { source, requests, clock };
}

/** Lets promises that are ready go on. */
const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

test("several cameras come in one request, and aren't asked for again", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { source, requests } = served();
  const from = NOW - 2 * tileSpan(2);
  source.want(["a", "b"], from, NOW, 2);
  context.mock.timers.tick(0);
  await settled();
  assert.deepEqual(requests.map(({ path }) => path.includes("camera_ids=a,b")), [true], "three tiles of two cameras");
  assert.ok(source.pieces("b", from, NOW, 2).every(({ tile }) => tile?.resolution === 2));
  source.want(["a", "b"], from + 10, NOW, 2);
  context.mock.timers.tick(1_000);
  await settled();
  assert.equal(requests.length, 1);
  source.close();
});

test("what nobody looks at any more is cancelled", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { source, requests } = served({ hold: true });
  source.want(["a"], NOW - 3_000, NOW - 2_000, 1);
  context.mock.timers.tick(0);
  assert.equal(requests.length, 1);
  source.want(["a"], NOW - 900_000, NOW - 890_000, 10);
  assert.equal(requests[0].signal?.aborted, true);
  await settled();
  context.mock.timers.tick(100);
  assert.equal(requests.length, 2);
  assert.match(requests[1].path, /resolution=10/);
  assert.equal(source.problem, "");
  source.close();
});

test("a view in motion is asked for when it rests", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { source, requests } = served({ hold: true });
  source.want(["a"], NOW - 500, NOW - 400, 1);
  context.mock.timers.tick(0);
  const first = requests.length;
  for (let number = 1; number < 5; number++) source.want(["a"], NOW - 1e6 * number, NOW - 1e6 * number + 500, 1);
  context.mock.timers.tick(59);
  assert.equal(requests.length, first);
  context.mock.timers.tick(1);
  assert.equal(requests.length, first + 1);
  source.close();
});

test("the tile that holds now is asked for again, others aren't", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { source, requests, clock } = served();
  const span = tileSpan(1);
  const from = Math.floor(NOW / span) * span - span;
  source.want(["a"], from, NOW, 1);
  context.mock.timers.tick(0);
  await settled();
  const first = requests.length;
  clock.ms += 6_000;
  context.mock.timers.tick(6_000);
  await settled();
  assert.equal(requests.length, first + 1);
  assert.match(requests[first].path, new RegExp(`from=${from + span}&`));
  source.close();
});

test("a failure is told, tried again later, and forgotten when it is over", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { source, requests } = served({ hold: true });
  const changed = mock.fn();
  source.addEventListener("change", changed);
  source.want(["a"], NOW - 5_000, NOW - 4_900, 1);
  context.mock.timers.tick(0);
  requests[0].fail(new Error("the server doesn't answer"));
  await settled();
  assert.equal(source.problem, "the server doesn't answer");
  assert.equal(changed.mock.callCount(), 1);
  context.mock.timers.tick(1_900);
  assert.equal(requests.length, 1);
  context.mock.timers.tick(200);
  assert.equal(requests.length, 2);
  requests[1].answer();
  await settled();
  assert.equal(source.problem, "");
  source.close();
});

test("a refresh asks for what is shown, and shows the old until the new is there", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { source, requests } = served();
  source.want(["a"], NOW - 5_000, NOW - 4_900, 1);
  context.mock.timers.tick(0);
  await settled();
  source.refresh();
  assert.equal(source.pieces("a", NOW - 5_000, NOW - 4_900, 1)[0].tile?.resolution, 1);
  context.mock.timers.tick(0);
  await settled();
  assert.equal(requests.length, 2);
  source.close();
});

test("the server's zone and clock are taken over", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { source } = served();
  source.want(["a"], NOW - 5_000, NOW - 4_900, 1);
  context.mock.timers.tick(0);
  await settled();
  assert.equal(source.zone.name, "Europe/Berlin");
  assert.equal(source.now(), NOW);
  source.close();
});

test("recorded, missing and unknown are three things", async () => {
  const { source } = served({ gap: [NOW - 7_000, NOW - 6_000] });
  assert.equal(source.recordedAt("a", NOW - 6_500), undefined);
  await source.nextEdge(["a"], NOW - 6_500, 1);
  assert.equal(source.recordedAt("a", NOW - 6_500), null);
  assert.ok(source.recordedAt("a", NOW - 5_000));
  assert.equal(source.recordedAt("a", NOW + 5_000), null);
  assert.equal(source.gapAt("a", NOW - 5_000), null);
  const gap = source.gapAt("a", NOW - 6_500);
  assert.deepEqual(gap && [gap.cause, gap.words, gap.detail], ["stalled", "camera sends no video", "no packets"]);
});

test("a gap over a tile's border is told whole", async () => {
  const border = Math.floor((NOW - 30_000) / tileSpan(10)) * tileSpan(10);
  const { source } = served({ gap: [border - 700, border + 900] });
  await source.nextEdge(["a"], border + 100, 1);
  await source.nextEdge(["a"], border - 100, -1);
  const gap = source.gapAt("a", border + 100);
  assert.deepEqual(gap && [gap.start, gap.end], [border - 700, border + 900]);
});

test("the next activity is found near by, to the second, in whichever camera it is", async () => {
  const { source } = served({ events: { a: [NOW - 500], b: [NOW - 700, NOW - 100] } });
  assert.deepEqual(await source.nextActivity(["a", "b"], NOW - 650, 1), { time: NOW - 500, cameraId: "a" });
  assert.deepEqual(await source.nextActivity(["a", "b"], NOW - 650, -1), { time: NOW - 700, cameraId: "b" });
  assert.deepEqual(await source.nextActivity(["b"], NOW - 650, 1), { time: NOW - 100, cameraId: "b" });
});

test("activity days away is found with few requests, and to the second", async () => {
  const { source, requests } = served({ events: { a: [NOW - 400_000, NOW - 3_000_007] } });
  assert.deepEqual(await source.nextActivity(["a"], NOW - 10, -1), { time: NOW - 400_000, cameraId: "a" });
  assert.deepEqual(await source.nextActivity(["a"], NOW - 400_000, -1), { time: NOW - 3_000_007, cameraId: "a" });
  assert.ok(requests.length < 60, `${requests.length} requests`);
});

test("where there is no activity the search ends", async () => {
  const { source, requests } = served();
  assert.equal(await source.nextActivity(["a"], NOW - 1_000, 1), null);
  assert.equal(await source.nextActivity(["a"], NOW - 1_000, -1), null);
  assert.ok(requests.length < 80, `${requests.length} requests`);
});

test("edges are the starts and ends of recordings, not of tiles and not now", async () => {
  const { source } = served({ gap: [NOW - 50_000, NOW - 49_000] });
  assert.deepEqual(await source.nextEdge(["a"], NOW - 60_000, 1), { time: NOW - 50_000, cameraId: "a" });
  assert.deepEqual(await source.nextEdge(["a"], NOW - 50_000, 1), { time: NOW - 49_000, cameraId: "a" });
  assert.equal(await source.nextEdge(["a"], NOW - 49_000, 1), null);
  assert.deepEqual(await source.nextEdge(["a"], NOW - 100, -1), { time: NOW - 49_000, cameraId: "a" });
});

test("what was looked at closely a while ago doesn't hide what is known by now, and nothing is told without news", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { source, requests, clock } = served();
  source.want(["a"], NOW - 60, NOW, 1);
  context.mock.timers.tick(0);
  await settled();
  source.want(["a"], NOW - 5 * tileSpan(600), NOW - 4 * tileSpan(600), 600);
  clock.ms += 120_000;
  assert.equal(source.recordedAt("a", NOW + 60), undefined);
  await source.have("a", NOW + 30, NOW + 90);
  assert.ok(source.recordedAt("a", NOW + 60));
  const before = requests.length;
  let told = 0;
  source.addEventListener("change", () => (told += 1));
  await source.have("a", NOW + 30, NOW + 119);
  await settled();
  assert.deepEqual([told, requests.length], [0, before]);
  source.close();
});
