// @ts-check
/** Several cameras at one instant: one clock, all in step with it, over holes and borders, at every speed. */

import { Ability } from "./ability.js";
import { isWorthAnotherLook, waitsFor } from "./again.js";
import { mannerOf } from "./speeds.js";
import { paceStep, paced, ticked } from "./step.js";

/**
 * @typedef {import("./camera_player.js").CameraPlayer} CameraPlayer
 * @typedef {import("./recorded.js").Recorded} Recorded
 * @typedef {import("./frame_times.js").FrameTimes} FrameTimes
 * @typedef {{from: number, to: number}} Skipped
 */

/** A tick never counts for more: a page that was hidden doesn't leap. */
const LONGEST_TICK_S = 0.25;
/** Near the end of a stretch a leader that waits only waits for the hole. */
const BRINK_S = 0.3;
/** A step waits so long for its frame. */
const STEP_MOST_MS = 4000;
/** So far behind now playing stops: what comes is still being recorded. */
const LIVE_EDGE_S = 1;

/**
 * Fires `time` (each tick; `moment` changed), `state` (playing, speed), `skip` (detail `Skipped`: over what), and `end`
 * (nothing is recorded further on).
 */
export class GroupPlayer extends EventTarget {
  #recorded;
  #framesOf;
  #players = /** @type {CameraPlayer[]} */ ([]);
  #moment = 0;
  #speed = 1;
  #playing = false;
  #resume = false;
  #turn = 0;
  #last_ms = 0;
  #request = 0;
  #ability = new Ability();
  #pace = 1;
  #stepping = /** @type {Promise<void>} */ (Promise.resolve());
  /** The frame that was last stepped to: where its picture is late, the next step goes on from it all the same. */
  #steppedTo = NaN;

  /**
   * @param {Recorded} recorded
   * @param {(cameraId: string) => FrameTimes} framesOf
   */
  constructor(recorded, framesOf) {
    super();
    this.#recorded = recorded;
    this.#framesOf = framesOf;
  }

  get moment() {
    return this.#moment;
  }

  get playing() {
    return this.#playing;
  }

  get speed() {
    return this.#speed;
  }

  get players() {
    return this.#players;
  }

  /** The large camera, else the first. */
  get chosen() {
    return this.#players.find((player) => player.chosen) ?? this.#players[0];
  }

  /** @param {CameraPlayer[]} players */
  setPlayers(players) {
    this.#players = players;
    if (this.#playing) this.#ability.forget();
  }

  /**
   * All cameras at the instant; plays on from there if it played.
   * @param {number} time
   */
  async seek(time) {
    const turn = ++this.#turn;
    const playing = this.#playing || this.#resume;
    this.#resume = false;
    this.#stop();
    this.#tell(time);
    await this.#all(time, turn);
    if (turn !== this.#turn) return;
    if (playing) this.#start();
    else void this.#again(time, turn);
  }

  /**
   * While somebody drags: quick pictures of the instant; playing waits until `seek`.
   * @param {number} time
   */
  preview(time) {
    this.#turn += 1;
    if (this.#playing) {
      this.#resume = true;
      this.#stop();
    }
    this.#tell(time);
    void this.#recorded.ensure(this.#ids(), time).catch(() => undefined);
    for (const player of this.#ordered()) void player.preview(time);
  }

  play() {
    if (this.#playing) return;
    this.#turn += 1;
    this.#start();
    this.#state();
  }

  pause() {
    this.#resume = false;
    if (!this.#playing) return;
    const turn = ++this.#turn;
    this.#stop();
    this.#state();
    const { chosen } = this;
    if (!chosen) return;
    // What the large one shows is what the person wanted to hold; what steps may be on its way to another picture.
    const plays = chosen.playable && this.#manner(chosen, this.#players.length) === "play";
    if (plays && Math.abs(chosen.shown - this.#moment) < 1) this.#tell(chosen.shown);
    void this.#all(this.#moment, turn).then(() => this.#again(this.#moment, turn));
  }

  /** @param {number} speed */
  setSpeed(speed) {
    if (speed === this.#speed) return;
    this.#speed = speed;
    this.#ability.forget();
    this.#state();
  }

  /**
   * One frame of the chosen camera further (1) or back (-1), exactly; the others show the same instant.
   * @param {1 | -1} direction
   * @returns {Promise<void>}
   */
  step(direction) {
    this.pause();
    // Key repeat must not overtake the frames.
    this.#stepping = this.#stepping.then(() => this.#step(direction));
    return this.#stepping;
  }

  /** Put all cameras at the clock's instant now. */
  async sync() {
    await this.seek(this.#moment);
  }

  /** While all stand still: the pictures of cameras of which more is known to be recorded than when they came here. */
  async mend() {
    if (this.#playing) return;
    const [time, turn] = [this.#moment, this.#turn];
    const found = this.#players.filter(({ id, condition }) => condition === "gap" && this.#recorded.spanAt(id, time));
    await Promise.all(found.map((player) => player.seek(time)));
    if (turn === this.#turn) this.#tell(time);
  }

  close() {
    this.#stop();
    this.#turn += 1;
    for (const player of this.#players) player.close();
  }

  /** @param {1 | -1} direction */
  async #step(direction) {
    const chosen = this.chosen;
    if (!chosen) return;
    const turn = this.#turn;
    const frames = this.#framesOf(chosen.id);
    const isElsewhere = Number.isNaN(chosen.shown) || Math.abs(chosen.shown - this.#moment) > 5;
    const from = isElsewhere || this.#moment === this.#steppedTo ? this.#moment : chosen.shown;
    let target = null;
    try {
      target = await (direction > 0 ? frames.next(from) : frames.previous(from));
      target ??= await this.#overTheHole(chosen.id, from, direction, frames);
    } catch {
      // Without the frames' times there is no step; the next try asks again.
    }
    if (target === null || turn !== this.#turn) return;
    this.#steppedTo = target;
    this.#tell(target);
    // The next step waits for this camera's frame alone: another may need seconds for its picture.
    const others = this.#players.filter((player) => player !== chosen);
    await Promise.race([chosen.seek(target), pause(STEP_MOST_MS)]);
    if (turn !== this.#turn) return;
    for (const player of others) void player.seek(target);
  }

  /**
   * @param {string} cameraId
   * @param {number} from
   * @param {1 | -1} direction
   * @param {FrameTimes} frames
   */
  async #overTheHole(cameraId, from, direction, frames) {
    await this.#recorded.ensure([cameraId], from);
    if (direction > 0) {
      const start = this.#recorded.nextStart([cameraId], from);
      return start === null ? null : ((await frames.shown(start + 0.001)) ?? (await frames.next(start)));
    }
    const span = this.#recorded.spanAt(cameraId, from);
    const end = this.#recorded.lastBefore([cameraId], (span?.[0] ?? from) - 0.001);
    return end === null ? null : frames.shown(end - 0.001);
  }

  /**
   * @param {number} time
   * @param {number} turn
   */
  async #all(time, turn) {
    try {
      await this.#recorded.ensure(this.#ids(), time);
    } catch {
      // The players try without knowing what is recorded.
    }
    if (turn !== this.#turn) return;
    const [first, ...others] = this.#ordered();
    if (!first) return;
    const main = first.seek(time);
    // The chosen one first: the server and the decoder are shared.
    await Promise.race([main, pause(120)]);
    if (turn !== this.#turn) return;
    await Promise.all([main, ...others.map((player) => player.seek(time))]);
  }

  /**
   * While all stand still: look again for pictures that didn't come, and for those of a moment ago that weren't recorded yet.
   * @param {number} time
   * @param {number} turn
   */
  async #again(time, turn) {
    for (let tries = 0; turn === this.#turn; tries += 1) {
      const isWanted = (/** @type {CameraPlayer} */ { condition }) => isWorthAnotherLook(condition, time, this.#recorded.now());
      if (!this.#players.some(isWanted)) return;
      await pause(waitsFor(tries));
      if (turn !== this.#turn || time !== this.#moment) return;
      await this.#recorded.ensure(this.#ids(), time).catch(() => undefined);
      if (turn !== this.#turn || time !== this.#moment) return;
      await Promise.all(this.#players.filter(isWanted).map((player) => player.seek(time)));
    }
  }

  #ordered() {
    const chosen = this.chosen;
    return chosen ? [chosen, ...this.#players.filter((player) => player !== chosen)] : [];
  }

  #ids() {
    return this.#players.map((player) => player.id);
  }

  #start() {
    this.#playing = true;
    this.#pace = 1;
    this.#ability.forget();
    this.#last_ms = performance.now();
    cancelAnimationFrame(this.#request);
    this.#request = requestAnimationFrame((now_ms) => this.#tick(now_ms));
  }

  #stop() {
    this.#playing = false;
    cancelAnimationFrame(this.#request);
    for (const player of this.#players) player.pause();
  }

  /** @param {number} now_ms */
  #tick(now_ms) {
    if (!this.#playing) return;
    const passed_s = Math.min(LONGEST_TICK_S, Math.max(0, (now_ms - this.#last_ms) / 1000));
    this.#last_ms = now_ms;
    const time = this.#advance(passed_s);
    if (time === null) return;
    const recorded = this.#players.filter((player) => this.#isRecorded(player, time)).length;
    const leader = this.#leader(time);
    for (const player of this.#players) {
      const manner = this.#manner(player, recorded);
      if (manner === "play") player.follow(time, this.#speed, player === leader, paceStep(this.#pace));
      else player.stepTo(time, this.#speed, manner === "keyframes");
    }
    this.#learn(now_ms, leader);
    this.#tell(time);
    this.#request = requestAnimationFrame((next_ms) => this.#tick(next_ms));
  }

  /**
   * Where the clock stands now; null when it went elsewhere or stopped.
   * @param {number} passed_s
   */
  #advance(passed_s) {
    const leader = this.#leader(this.#moment);
    const brink = leader !== null && this.#isBrink(leader);
    const leads = leader !== null && !brink && !Number.isNaN(leader.time);
    if (leader !== null && Number.isNaN(leader.time)) passed_s = 0; // it is just being loaded
    const time = ticked({
      time: this.#moment,
      passed_s,
      speed: this.#speed,
      leader: leads ? leader.time : null,
      waiting: leads && !leader.flowing,
    });
    this.#pace = paced({ pace: this.#pace, made_s: time - this.#moment, passed_s, speed: this.#speed });
    if (this.#players.some((player) => this.#isRecorded(player, time))) {
      void this.#recorded.ensure(this.#ids(), time).catch(() => undefined);
      return time;
    }
    this.#skip(time);
    return null;
  }

  /** Nothing is recorded here of any camera: go on where something is.
   * @param {number} time
   */
  #skip(time) {
    const to =
      this.#speed > 0 ? this.#recorded.nextStart(this.#ids(), time) : this.#recorded.lastBefore(this.#ids(), time);
    const now = this.#recorded.now();
    if (to === null || to >= now - LIVE_EDGE_S) {
      const atLive = this.#speed > 0 && time > now - 30;
      if (atLive) return this.#await(time);
      this.#stop();
      this.#state();
      this.dispatchEvent(new Event("end"));
      return;
    }
    const target = this.#speed > 0 ? to : to - 0.05;
    this.dispatchEvent(new CustomEvent("skip", { detail: { from: time, to: target } }));
    void this.seek(target);
  }

  /** At the very end of what is recorded so far: look again in a moment.
   * @param {number} time
   */
  #await(time) {
    const turn = this.#turn;
    void pause(1000)
      .then(() => this.#recorded.refresh(this.#ids()))
      .catch(() => undefined)
      .then(() => {
        if (turn !== this.#turn || !this.#playing) return;
        if (time < this.#recorded.now() - 30) {
          // Recording has stopped: so does playing.
          this.#stop();
          this.#state();
          this.dispatchEvent(new Event("end"));
          return;
        }
        this.#last_ms = performance.now();
        this.#request = requestAnimationFrame((next_ms) => this.#tick(next_ms));
      });
  }

  /**
   * The camera whose video the clock follows: the chosen one, or another that plays while that can't.
   * @param {number} time
   * @returns {CameraPlayer | null}
   */
  #leader(time) {
    const recorded = this.#players.filter((player) => this.#isRecorded(player, time));
    const able = (/** @type {CameraPlayer} */ player) =>
      player.playable && player.condition !== "failed" && this.#manner(player, recorded.length) === "play";
    return this.#ordered().find((player) => recorded.includes(player) && able(player)) ?? null;
  }

  /** @param {CameraPlayer} player @param {number} recorded */
  #manner(player, recorded) {
    return mannerOf({ speed: this.#speed, chosen: player === this.chosen, playing: recorded, able: this.#ability.fastest });
  }

  /** @param {CameraPlayer} player @param {number} time */
  #isRecorded(player, time) {
    return this.#recorded.spanAt(player.id, time) !== null;
  }

  /**
   * Whether the leader stands before a hole.
   * @param {CameraPlayer} leader
   */
  #isBrink(leader) {
    const span = this.#recorded.spanAt(leader.id, this.#moment);
    return !!span && span[1] - this.#moment < BRINK_S && span[1] < this.#recorded.now() - 30;
  }

  /**
   * @param {number} now_ms
   * @param {CameraPlayer | null} leader
   */
  #learn(now_ms, leader) {
    if (leader === null || !leader.flowing) return;
    if (leader !== this.chosen) this.#ability.forget();
    this.#ability.note(now_ms, leader.time, this.#speed);
  }

  /** @param {number} time */
  #tell(time) {
    this.#moment = time;
    this.dispatchEvent(new Event("time"));
  }

  #state() {
    this.dispatchEvent(new Event("state"));
  }
}

/** @param {number} ms @returns {Promise<void>} */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
