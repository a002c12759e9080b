import assert from "node:assert/strict";
import { test } from "node:test";

import { CameraPlayer } from "../../../pynvr/web/static/player/camera_player.js";

const T = 1_795_257_000;

/** A <video> that plays whatever it is given, by itself, as some browsers do with HLS. */
class Video extends EventTarget {
  #place = 0;
  paused = true;
  seeking = false;
  ended = false;
  muted = true;
  playbackRate = 1;
  readyState = 4;
  videoWidth = 640;
  videoHeight = 360;
  duration = 1800;

  canPlayType() {
    return "maybe";
  }

  set src(_) {
    this.#place = 0;
    setImmediate(() => this.onloadedmetadata());
  }

  get currentTime() {
    return this.#place;
  }

  /** It gets there a moment later, as where the data has to come first. */
  set currentTime(place) {
    setTimeout(() => {
      this.#place = place;
      this.dispatchEvent(new Event("seeked"));
    }, 5);
  }

  async play() {
    this.paused = false;
  }

  pause() {
    this.paused = true;
  }
}

/** As where the playhead stands at the end of what there is: it says that it has a frame there, and shows none. */
class BlankVideo extends Video {
  requestVideoFrameCallback() {
    return 1;
  }
}

function made(video = new Video()) {
  const isBlank = video instanceof BlankVideo;
  const still = { hidden: true, width: 0, height: 0, getContext: () => ({ drawImage: () => undefined }) };
  const recorded = { spanAt: () => [0, 2 * T], gapAt: () => null, now: () => 2 * T };
  const picture = { width: 8, height: 8, close: () => undefined };
  const pictures = {
    want: async (/** @type {{time: number}} */ { time }) =>
      isBlank ? { bitmap: picture, time } : new Promise(() => undefined),
    forget: () => undefined,
  };
  const player = new CameraPlayer({ video, still }, { id: "gate", name: "Gate" }, { recorded, pictures });
  return { player, video, still };
}

const until = async (isSo) => {
  while (!isSo()) await new Promise((done) => setTimeout(done, 5));
};

test("while another window is loaded the picture keeps its own time", async () => {
  const { player, still } = made();
  await player.seek(T);
  assert.equal(still.hidden, true);
  assert.ok(Math.abs(player.shown - T) < 0.01);
  let isThere = false;
  const moved = player.seek(T + 7200).then(() => (isThere = true));
  const times = [];
  while (!isThere) {
    times.push(player.shown);
    await new Promise(setImmediate);
  }
  await moved;
  assert.ok(Math.abs(player.shown - T - 7200) < 0.01);
  const other = times.filter((time) => Math.abs(time - T) > 0.01 && Math.abs(time - T - 7200) > 0.01);
  assert.deepEqual(other, []);
  assert.equal(still.hidden, true);
});

test("playing over the end of a window, the video is seen again", async () => {
  const { player, still } = made();
  await player.seek(T);
  player.follow(T + 7200, 1, true, 1);
  await until(() => Math.abs(player.time - T - 7200) < 0.01);
  assert.equal(still.hidden, false, "what was shown is held");
  await until(() => (player.follow(player.time, 1, true, 1), player.flowing));
  player.follow(player.time, 1, true, 1);
  assert.equal(still.hidden, true);
});

test("a video that says it is there and shows no frame is covered by a single picture", async () => {
  const { player, still } = made(new BlankVideo());
  await player.seek(T);
  assert.equal(still.hidden, false);
  assert.equal(player.condition, "shown");
  assert.equal(player.shown, T, "the picture's time");
  player.stepTo(T + 1, 1, false);
  await until(() => player.shown === T + 1);
  assert.equal(still.hidden, false);
  player.follow(T + 1, 1, true, 1);
  assert.equal(still.hidden, false);
});
