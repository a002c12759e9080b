// @ts-check
/** The parts of the page together: pictures, controls, axis; what one of them says reaches the others here. */

import { FrameTimes } from "../player/frame_times.js";
import { GroupPlayer } from "../player/group_player.js";
import { gapWords } from "../player/causes.js";
import { Pictures } from "../player/pictures.js";
import { Recorded } from "../player/recorded.js";
import { api } from "../shell/api.js";
import { byId } from "../shell/dom.js";
import { formatClock, formatDate, formatDay, fromParts, partsOf } from "../shell/time.js";
import { HoverCard } from "../timeline/hover.js";
import { TimelineSource } from "../timeline/source.js";
import { Strip } from "../timeline/strip.js";
import { Timeline } from "../timeline/timeline.js";
import { writeSight } from "./address.js";
import { alertSteps } from "./alert_steps.js";
import { CameraMenu } from "./camera_menu.js";
import { commandsOf } from "./commands.js";
import { Fresh } from "./fresh.js";
import { DayMenu } from "./day_menu.js";
import { GoTo } from "./go_to.js";
import { KeyHelp } from "./key_help.js";
import { listenToKeys } from "./keyboard.js";
import { openingMoment, openingView } from "./opening.js";
import { Sheet } from "./sheet.js";
import { Stage } from "./stage.js";
import { TakeAway } from "./taking.js";
import { Transport } from "./transport.js";

/**
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {import("../shell/shell.js").Shell} Shell
 * @typedef {import("./address.js").Sight} Sight
 * @typedef {import("./catalogue.js").Extent} Extent
 */

/** A day without recordings at that time of day shows the last of what is recorded before. */
const BEFORE_END_S = 10;
const REMEMBER_MS = 400;

export class ScrubView {
  #shell;
  #all;
  #shown = /** @type {Camera[]} */ ([]);
  #main = "";
  #fresh;
  #alertSteps;
  #sound = false;
  #rememberTimer = 0;
  #frames = /** @type {Map<string, FrameTimes>} */ (new Map());

  /**
   * @param {Shell} shell
   * @param {readonly Camera[]} cameras all there are
   */
  constructor(shell, cameras) {
    this.#shell = shell;
    this.#all = cameras;
    const get = (/** @type {string} */ path) => api.get(path);
    this.recorded = new Recorded(get);
    this.pictures = new Pictures();
    this.stage = new Stage(
      byId("stage"),
      { recorded: this.recorded, pictures: this.pictures, get },
      {
        clock: (time, precise) => formatClock(time, shell.timezone, { digits: precise ? 3 : 0 }),
        why: (player) => this.#why(player),
      },
    );
    this.player = new GroupPlayer(this.recorded, (id) => this.#framesOf(id));
    this.source = new TimelineSource({ get: (path, options) => api.get(path, options), timezone: shell.timezone });
    const axis = byId("axis", HTMLCanvasElement);
    this.timeline = new Timeline(axis, this.source);
    this.hover = new HoverCard(axis, this.timeline);
    this.strip = new Strip(byId("strip"), this.timeline, { get: (path, options) => api.get(path, options) });
    this.commands = commandsOf(this);
    this.transport = new Transport(byId("transport"), {
      run: (command) => this.commands[command](),
      setSpeed: (speed) => this.setSpeed(speed),
    });
    this.taking = new TakeAway(this);
    this.keyHelp = new KeyHelp();
    this.days = new DayMenu((day) => this.goToDay(day));
    this.cameraMenu = new CameraMenu((ids) => void this.setCameras(ids));
    this.goTo = new GoTo({
      zone: shell.timezone,
      moment: () => this.player.moment,
      now: () => this.recorded.now(),
      go: (time) => this.seek(time, { reveal: true }),
    });
    this.#alertSteps = alertSteps((command) => this.commands[command]());
    byId("marks").prepend(this.#alertSteps.element);
    byId("place").hidden = false;
    byId("place").append(this.days.menu.element, this.goTo.element, this.cameraMenu.menu.element);
    this.sheet = new Sheet(byId("quick"), [
      { element: byId("marks"), home: byId("controls") },
      { element: byId("answers"), home: byId("answers-home") },
      { element: byId("place"), home: shell.slot },
      { element: this.keyHelp.button, home: byId("axis").parentElement ?? byId("deck") },
    ]);
    this.#fresh = new Fresh(this, byId("fresh"));
    this.#listen();
  }

  get zone() {
    return this.#shell.timezone;
  }

  get cameras() {
    return this.#shown;
  }

  get main() {
    return this.#shown.find(({ id }) => id === this.#main) ?? this.#shown[0];
  }

  get sound() {
    return this.#sound;
  }

  /**
   * Show what the address says.
   * @param {Sight} sight `cameras` exist
   * @param {Map<string, Extent>} extents of those cameras
   */
  open(sight, extents) {
    this.#fresh.know(extents);
    const now = this.recorded.now();
    const time = sight.time ?? openingMoment(extents.values()) ?? now;
    const shown = sight.cameras.flatMap((id) => this.#all.find((camera) => camera.id === id) ?? []);
    this.#main = sight.main || (shown[0]?.id ?? "");
    this.#use(shown);
    const view = sight.view ?? openingView(extents.values(), time, now);
    this.timeline.setView(view.from, view.to);
    this.taking.setMarks(sight.markIn, sight.markOut);
    this.player.setSpeed(sight.speed);
    this.#showState();
    this.seek(time);
    this.#fresh.start();
  }

  /**
   * @param {number} time
   * @param {{reveal?: boolean}} [options] `reveal`: the axis shows it too
   */
  seek(time, { reveal = false } = {}) {
    const wanted = Math.min(time, this.recorded.now());
    this.timeline.setCursor(wanted, { reveal });
    void this.player.seek(wanted);
  }

  /** @param {{year: number, month: number, day: number}} day */
  goToDay(day) {
    const clock = partsOf(this.player.moment, this.zone);
    const start = fromParts(day, this.zone);
    const end = fromParts({ ...day, day: day.day + 1 }, this.zone);
    const same = fromParts({ ...clock, ...day }, this.zone);
    const ids = this.#shown.map(({ id }) => id);
    // The same time of day, or the nearest that is recorded then.
    const recorded = this.recorded.nextStart(ids, same);
    const before = this.recorded.lastBefore(ids, same);
    const isThere = before !== null && before > same - 1;
    const near = isThere
      ? same
      : recorded !== null && recorded < end
        ? recorded
        : before !== null && before > start
          ? before - BEFORE_END_S
          : same;
    const { from, to } = this.timeline.view;
    const place = near - (to - from) / 2;
    this.timeline.setView(place, place + to - from);
    this.seek(near, { reveal: true });
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.player.setSpeed(speed);
  }

  /** @param {boolean} sound */
  setSound(sound) {
    this.#sound = sound;
    for (const player of this.stage.players) player.mute(!(sound && player.chosen));
    this.#showState();
  }

  /** @param {string} cameraId */
  setMain(cameraId) {
    if (cameraId === this.#main || !this.#shown.some(({ id }) => id === cameraId)) return;
    this.#main = cameraId;
    this.stage.setMain(cameraId);
    this.strip.setCamera(this.main);
    this.setSound(this.#sound);
    this.stage.show(this.player.moment);
    this.taking.refresh();
    this.remember();
    if (!this.player.playing) void this.player.sync();
  }

  /** @param {string[]} ids */
  async setCameras(ids) {
    const shown = ids.flatMap((id) => this.#all.find((camera) => camera.id === id) ?? []);
    if (shown.length === 0) return;
    if (!ids.includes(this.#main)) this.#main = ids[0];
    this.#use(shown);
    this.remember();
    await this.player.sync();
    await this.#fresh.learn();
  }

  /**
   * The cameras there are, if they are others now.
   * @param {readonly Camera[]} cameras
   */
  setAll(cameras) {
    this.#all = cameras;
    this.cameraMenu.show(
      cameras,
      this.#shown.map(({ id }) => id),
    );
  }

  /** Which days have recordings, and what is recorded at all, as far as it is known now. */
  useExtents() {
    const days = new Set();
    for (const { id } of this.#shown) {
      const extent = this.#fresh.extentOf(id);
      if (!extent) continue;
      this.recorded.setRanges(id, extent.ranges);
      for (const day of extent.days) days.add(day);
    }
    this.days.setRecorded(days);
  }

  /** When the camera's first recording begins, as far as it is known. @param {string} cameraId */
  firstOf(cameraId) {
    return this.#fresh.extentOf(cameraId)?.first ?? null;
  }

  /** @param {string} words for those who don't see it */
  say(words) {
    byId("spoken").textContent = words;
  }

  /** The address follows soon. */
  remember() {
    this.#rememberTimer ||= window.setTimeout(() => this.#rememberNow(), REMEMBER_MS);
  }

  /** After a keep or a tag was made. */
  marksChanged() {
    this.source.refresh();
  }

  #listen() {
    const { player, timeline, stage } = this;
    player.addEventListener("time", () => this.#showMoment());
    player.addEventListener("state", () => this.#showState());
    player.addEventListener("skip", (event) => this.#skipped(/** @type {CustomEvent} */ (event).detail));
    player.addEventListener("end", () => this.say("The end of what is recorded."));
    timeline.addEventListener("seek", (event) => this.#scrubbed(/** @type {CustomEvent} */ (event).detail));
    timeline.addEventListener("activate", (event) => {
      const { time, cameraId } = /** @type {CustomEvent} */ (event).detail;
      if (cameraId) this.setMain(cameraId);
      void player.seek(time).then(() => player.play());
    });
    timeline.addEventListener("found", (event) => this.taking.chooseFound(/** @type {CustomEvent} */ (event).detail.index));
    timeline.addEventListener("choose", (event) => this.setMain(/** @type {CustomEvent} */ (event).detail.cameraId));
    this.strip.addEventListener("seek", (event) => this.#scrubbed(/** @type {CustomEvent} */ (event).detail));
    timeline.addEventListener("view", () => this.remember());
    timeline.addEventListener("select", (event) => {
      const range = /** @type {CustomEvent} */ (event).detail;
      this.taking.setMarks(range?.from ?? null, range?.to ?? null, { fromAxis: true });
    });
    stage.addEventListener("choose", (event) => this.setMain(/** @type {CustomEvent} */ (event).detail));
    stage.addEventListener("press", () => this.commands.toggle());
    stage.addEventListener("double", () => this.commands.fullScreen());
    this.source.addEventListener("change", () => this.#showAlertSteps());
    listenToKeys(this);
    addEventListener("pagehide", () => this.#rememberNow());
  }

  #showAlertSteps() {
    const rows = this.#shown.map(({ id }) => this.timeline.pieces(id));
    if (rows.some((pieces) => pieces.some(({ tile }) => tile && tile.alerts.length > 0))) this.#alertSteps.show();
  }

  /** @param {Camera[]} shown */
  #use(shown) {
    this.#shown = shown;
    this.stage.setCameras(shown, this.#main);
    this.player.setPlayers(this.stage.players);
    this.timeline.setCameras(shown);
    this.strip.setCamera(this.main);
    byId("axis").parentElement?.style.setProperty("--axis-height", `${this.timeline.preferredHeight}px`);
    this.cameraMenu.show(
      this.#all,
      shown.map(({ id }) => id),
    );
    this.setSound(this.#sound);
    this.taking.refresh();
    this.useExtents();
  }

  /** @param {{time: number, cameraId: string | null, phase: "move" | "end"}} place */
  #scrubbed({ time, phase }) {
    if (phase === "move") this.player.preview(time);
    else void this.player.seek(time);
  }

  #showMoment() {
    const { moment } = this.player;
    this.stage.show(moment);
    this.taking.moved();
    this.transport.showMoment(formatClock(moment, this.zone, { digits: 3 }), formatDate(moment, this.zone));
    this.days.show(
      partsOf(moment, this.zone),
      partsOf(this.recorded.now(), this.zone),
      formatDay(moment, this.zone, this.recorded.now()),
    );
    if (!this.timeline.busy) this.timeline.setCursor(moment, { follow: this.player.playing });
    this.remember();
  }

  #showState() {
    const { playing, speed } = this.player;
    this.transport.showState({ playing, speed, sound: this.#sound });
    byId("main").dataset["playing"] = String(playing);
    this.remember();
  }

  /** @param {{from: number, to: number}} hole */
  #skipped({ from, to }) {
    this.say(`Nothing recorded from ${formatClock(from, this.zone)} to ${formatClock(to, this.zone)}: went on there.`);
  }

  /** @param {import("../player/camera_player.js").CameraPlayer} player */
  #why(player) {
    if (player.condition === "failed") return "no picture came; it is tried again";
    // What was found out since it came here.
    const gap = this.recorded.gapAt(player.id, this.player.moment) ?? player.gap;
    if (gap === null) return "nothing recorded";
    const isShort = gap.end - gap.start < 600 || gap.start <= 0;
    return gapWords(gap, {
      now: this.recorded.now(),
      at: this.player.moment,
      clock: (time) => formatClock(time, this.zone, { seconds: isShort && gap.end % 60 !== 0 }),
      day: (time) => formatDay(time, this.zone, this.recorded.now()),
    });
  }

  /** @param {string} cameraId */
  #framesOf(cameraId) {
    let frames = this.#frames.get(cameraId);
    if (frames === undefined) {
      const address = `/api/1/camera/${encodeURIComponent(cameraId)}/frames`;
      frames = new FrameTimes((from, to) => api.get(`${address}?from=${from}&to=${to}`));
      this.#frames.set(cameraId, frames);
    }
    return frames;
  }

  #rememberNow() {
    clearTimeout(this.#rememberTimer);
    this.#rememberTimer = 0;
    const { markIn, markOut } = this.taking.marks;
    const address = writeSight({
      time: this.player.moment,
      cameras: this.#shown.map(({ id }) => id),
      main: this.#main,
      view: this.timeline.view,
      markIn,
      markOut,
      speed: this.player.speed,
    });
    if (address !== location.search) history.replaceState(null, "", address || location.pathname);
  }
}
