import assert from "node:assert/strict";
import { test } from "node:test";

import { FrameWatch } from "../../../pynvr/web/static/player/frame_watch.js";
import { StillLayer } from "../../../pynvr/web/static/player/still_layer.js";

const canvas = () => ({ hidden: false, width: 0, height: 0, getContext: () => ({ drawImage: () => undefined }) });
const video = { readyState: 4, videoWidth: 640, videoHeight: 360 };

test("a held frame keeps its time until the video is seen again", () => {
  const still = new StillLayer(canvas(), "gate", { forget: () => undefined });
  assert.equal(still.shown, null);
  still.freeze(video, 1234.5);
  assert.equal(still.shown, 1234.5);
  still.hide();
  assert.equal(still.shown, null);
});

test("a single picture over the video isn't replaced by the frame behind it", async () => {
  const pictures = {
    want: async () => ({ bitmap: { width: 8, height: 8, close: () => undefined }, time: 7 }),
    forget: () => undefined,
  };
  const still = new StillLayer(canvas(), "gate", pictures);
  assert.equal(await still.show(7.5, 320, false, true), true);
  still.freeze(video, 1234.5);
  assert.equal(still.shown, 7);
});

test("what the browser tells late of the frame before isn't taken for one of the next video", () => {
  let tell = (_now, _frame) => undefined;
  const watched = {
    currentTime: 0,
    requestVideoFrameCallback: (callback) => (tell = callback),
  };
  const frames = new FrameWatch(watched);
  const before = performance.now();
  tell(0, { mediaTime: 900, presentationTime: before });
  assert.equal(frames.shown_s, 900);
  frames.forget();
  tell(0, { mediaTime: 900.04, presentationTime: before - 1 });
  assert.ok(Number.isNaN(frames.shown_s));
  assert.equal(frames.hasShown, false);
  tell(0, { mediaTime: 12.5, presentationTime: performance.now() + 1 });
  assert.equal(frames.shown_s, 12.5);
});

test("a frame that the browser doesn't tell of is the playhead's, one that is shown on keeps its time", async () => {
  let tell = (_now, _frame) => undefined;
  const watched = { currentTime: 0, requestVideoFrameCallback: (callback) => (tell = callback) };
  const frames = new FrameWatch(watched);
  frames.settle();
  assert.equal(frames.hasShown, false, "a playhead that was moved is no picture");
  const came = frames.next(10_000);
  tell(0, { mediaTime: 204.5, presentationTime: performance.now() });
  assert.equal(await came, true);
  assert.equal(await frames.next(1), false);
  watched.currentTime = 204.6;
  frames.settle();
  assert.equal(frames.shown_s, 204.5);
  for (const elsewhere of [210.001, 100]) {
    watched.currentTime = elsewhere;
    frames.settle();
    assert.equal(frames.shown_s, elsewhere);
  }
});
