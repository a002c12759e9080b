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

function made() {
  const video = new Video();
  const still = { hidden: true, width: 0, height: 0, getContext: () => ({ drawImage: () => undefined }) };
  const recorded = { spanAt: () => [0, 2 * T], gapAt: () => null, now: () => 2 * T };
  const pictures = { want: () => new Promise(() => undefined), forget: () => undefined };
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
