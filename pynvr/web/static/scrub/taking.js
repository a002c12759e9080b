// @ts-check
/** The marked range of the page and everything that can be done with it. */

import { byId, h } from "../shell/dom.js";
import { formatClock, formatDate, startOfDay } from "../shell/time.js";
import { toast } from "../shell/toast.js";
import { counted, formatBytes } from "../shell/words.js";
import { Answers } from "./answers.js";
import { searchedRange } from "./best_frames.js";
import { bestFramesPanel } from "./best_frames_panel.js";
import { download, planned, waysForm } from "./download.js";
import { downloadZip } from "./download_zip.js";
import { FindBox } from "./find_change_box.js";
import { FindPanel } from "./find_change_panel.js";
import { MarksBar } from "./marks_bar.js";
import { marksWords } from "./marks_words.js";
import { incidentMoment } from "./incident.js";
import { incidentForm } from "./incident_form.js";
import { KINDS, noteForm } from "./note_form.js";
import { storeOnServer } from "./stored.js";
import { lostMark, marked, rangeOf } from "./take_away.js";

/**
 * @typedef {import("./view.js").ScrubView} ScrubView
 * @typedef {import("./take_away.js").Range} Range
 * @typedef {import("./take_away.js").Gaps} Gaps
 * @typedef {import("../player/camera_player.js").Camera} Camera
 */

const ESTIMATE_MS = 250;

export class TakeAway {
  #view;
  #bar;
  #answers = new Answers(byId("answers"));
  #marks = { markIn: /** @type {number | null} */ (null), markOut: /** @type {number | null} */ (null) };
  #size = "";
  #timer = 0;
  #find = /** @type {{panel: FindPanel, box: FindBox} | null} */ (null);
  #asking = new AbortController();

  /** @param {ScrubView} view */
  constructor(view) {
    this.#view = view;
    this.#bar = new MarksBar(byId("marks"), byId("quick"), byId("moment"), {
      mark: (which) => this.mark(which),
      clear: () => this.setMarks(null, null),
      download: () => this.download(),
      more: () => this.ways(),
      keep: () => this.note("keep"),
      tag: () => this.note("tag"),
      incident: () => this.incident(),
      find: () => this.findChange(),
      best: () => this.bestFrames(),
    });
    this.#show();
  }

  get marks() {
    return this.#marks;
  }

  /** Where only one end is marked, the usual length with it. */
  get range() {
    return rangeOf(this.#marks.markIn, this.#marks.markOut);
  }

  /**
   * @param {number | null} markIn
   * @param {number | null} markOut
   * @param {{fromAxis?: boolean}} [options]
   */
  setMarks(markIn, markOut, { fromAxis = false } = {}) {
    this.#marks = { markIn, markOut };
    if (!fromAxis) this.#view.timeline.setSelection(this.range);
    this.refresh();
    this.#view.remember();
  }

  /** @param {"in" | "out"} which */
  mark(which) {
    const before = this.#marks;
    const { markIn, markOut } = marked(before, which, this.#view.player.moment);
    this.setMarks(markIn, markOut);
    const lost = lostMark(before, this.#marks);
    if (lost) toast(lost);
    this.#view.say(`Marked ${which} ${formatClock(this.#view.player.moment, this.#view.zone)}`);
  }

  /** The camera or the marks are others: the size is asked for anew. */
  refresh() {
    this.#size = "";
    this.#showFind();
    this.#show();
    this.#asking.abort();
    clearTimeout(this.#timer);
    const { range } = this;
    const camera = this.#view.main;
    if (range === null || !camera) return;
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.#timer = window.setTimeout(async () => {
      try {
        const { plan, parts } = await planned(camera, range, "close", signal);
        this.#size = plan ? formatBytes(plan.bytes) : parts.length ? counted(parts.length, "part") : "not recorded";
      } catch {
        // Asked for again with the next change.
      }
      if (!signal.aborted) this.#show();
    }, ESTIMATE_MS);
  }

  /** Another camera may be the large one, or the pictures others. */
  #showFind() {
    if (this.#find === null) return;
    const tile = this.#view.stage.tiles.find(({ id }) => id === this.#view.main?.id);
    if (tile) this.#find.box.show(tile);
    this.#find.panel.refresh();
  }

  download() {
    this.#view.sheet.open();
    const camera = this.#view.main;
    if (!camera) return;
    if (this.range === null) return this.#askForRange("Download MP4", () => this.download());
    void this.#download([camera], this.range, "close");
  }

  ways() {
    const camera = this.#view.main;
    const { range } = this;
    if (!camera) return;
    if (range === null) return this.#askForRange("Take away", () => this.ways());
    const form = waysForm({
      camera,
      cameras: this.#view.cameras,
      words: this.#words(range),
      download: (cameras, gaps) => void this.#download(cameras, range, gaps),
      together: (cameras, gaps) => void this.#downloading(() => downloadZip(cameras, range, gaps)),
      store: (cameras, gaps) => {
        const { element, stop } = storeOnServer(cameras, range, gaps);
        this.#answers.show("Stored on the server", element, { left: stop });
      },
    });
    this.#answers.show("Take away", form, { focus: true });
  }

  /** @param {"keep" | "tag"} kind */
  note(kind) {
    const camera = this.#view.main;
    if (!camera) return;
    const { moment } = this.#view.player;
    if (this.range === null && kind === "keep") return this.#askForRange("Keep", () => this.note("keep"));
    const range = this.range ?? { from: moment, to: moment };
    const form = noteForm(KINDS[kind], {
      camera,
      cameras: this.#view.cameras,
      range,
      words: this.#words(range),
      changed: () => this.#view.marksChanged(),
      close: () => this.#answers.close(),
    });
    this.#answers.show(KINDS[kind].title, form, { focus: true });
    const text = form.querySelector("input");
    text?.focus();
  }

  incident() {
    // Whoever may not report has no button for it, either.
    if (document.documentElement.dataset.role !== "admin") return;
    this.#view.sheet.open();
    const camera = this.#view.main;
    if (!camera) return;
    const moment = incidentMoment(this.#view.player.moment, this.range);
    const { element, stop } = incidentForm({
      camera,
      cameras: this.#view.cameras,
      moment,
      words: this.#words({ from: moment.time, to: moment.time }),
      zone: this.#view.zone,
      now: () => this.#view.recorded.now(),
      changed: () => this.#view.marksChanged(),
      close: () => this.#answers.close(),
    });
    this.#answers.show("Incident", element, { left: stop });
    // Whoever types at once writes the note, and presses no keys of the page; Enter reports.
    const note = element.querySelector("[aria-label=Note]");
    if (note instanceof HTMLElement) note.focus();
  }

  bestFrames() {
    this.#view.sheet.open();
    const camera = this.#view.main;
    if (!camera) return;
    const { player, recorded, timeline } = this.#view;
    const range = searchedRange(this.range, timeline.view, player.moment, recorded.now());
    const { element, stop } = bestFramesPanel({
      camera,
      range,
      words: this.#words(range),
      zone: this.#view.zone,
      go: (time) => {
        this.#view.sheet.close();
        this.#view.seek(time, { reveal: true });
      },
    });
    this.#answers.show("Best frames", element, { left: stop });
    const kind = element.querySelector("[aria-pressed=true]");
    if (kind instanceof HTMLElement) kind.focus();
  }

  /** The panel that finds when something came or went; a second time the box is drawn anew. */
  findChange() {
    const camera = this.#view.main;
    if (!camera) return;
    const { player, recorded, stage } = this.#view;
    player.pause();
    if (this.#find === null) {
      const box = new FindBox();
      const find = new FindPanel({
        box,
        side: byId("main"),
        zone: this.#view.zone,
        camera: () => this.#view.main,
        cameras: () => this.#view.cameras,
        moment: () => player.moment,
        now: () => recorded.now(),
        isRecorded: (cameraId, time) => recorded.spanAt(cameraId, time) !== null,
        begin: (cameraId, time) =>
          recorded.spanAt(cameraId, time) ? time : (recorded.nextStart([cameraId], time) ?? time),
        first: (cameraId) => this.#view.firstOf(cameraId),
        marked: () => this.range,
        go: (cameraId, time) => {
          this.#view.sheet.close();
          this.#view.setMain(cameraId);
          this.#view.seek(time, { reveal: true });
        },
        mark: (marks) => this.#view.timeline.setFound(marks),
        away: () => this.#view.sheet.close(),
        changed: () => this.#view.marksChanged(),
        say: (words) => this.#view.say(words),
      });
      box.addEventListener("drawn", () => box.box && this.#view.sheet.open());
      this.#answers.show("Find the change", find.element, {
        left: (replaced) => {
          this.#find = null;
          delete document.documentElement.dataset.news;
          if (!replaced) this.#view.sheet.close();
          find.stop();
        },
      });
      this.#find = { panel: find, box };
      // Whoever looks for something isn't called away; the header's number goes on.
      document.documentElement.dataset.news = "held";
    }
    // On a phone the picture has to be free while somebody draws in it.
    this.#view.sheet.close();
    const tile = stage.tiles.find(({ id }) => id === camera.id);
    if (tile) this.#find.box.show(tile);
    this.#find.box.focus();
  }

  /** The clock stands elsewhere. */
  moved() {
    this.#find?.box.refresh();
    this.#find?.panel.refresh();
  }

  /** An answer's mark on the axis was clicked. @param {number} index */
  chooseFound(index) {
    this.#find?.panel.choose(index);
  }

  /** The box in the picture, while a change is looked for. */
  get findBox() {
    return this.#find?.box ?? null;
  }

  close() {
    this.#answers.close();
  }

  /** @param {readonly Camera[]} cameras @param {Range} range @param {Gaps} gaps */
  #download(cameras, range, gaps) {
    return this.#downloading(() =>
      download(cameras, range, gaps, {
        clock: (time) => formatClock(time, this.#view.zone),
        unplayable: ({ id }) => this.#view.stage.players.some((player) => player.id === id && !player.playable),
      }),
    );
  }

  /** @param {() => Promise<HTMLElement>} begin answers what there is to say about it */
  async #downloading(begin) {
    this.#answers.show("Download", h("p", { class: "loading", role: "status" }, "Asking what it will be …"));
    try {
      this.#answers.show("Download", await begin());
    } catch (error) {
      this.#answers.show(
        "Download",
        h("p", { class: "alert-text", role: "alert" }, error instanceof Error ? error.message : String(error)),
      );
    }
  }

  /** @param {string} title @param {() => void} then */
  #askForRange(title, then) {
    const { moment } = this.#view.player;
    /** @param {string} words @param {number} before @param {number} after */
    const offer = (words, before, after) =>
      h(
        "button",
        { class: "button", type: "button", onclick: () => (this.setMarks(moment - before, moment + after), then()) },
        words,
      );
    const line = h(
      "p",
      { class: "answer-line" },
      h("strong", {}, title),
      h("span", {}, "Which stretch? Mark its beginning and end with In and Out, or take"),
      offer("30 s around this moment", 15, 15),
      offer("2 min around it", 60, 60),
      offer("10 min around it", 300, 300),
    );
    this.#answers.show(title, line, { focus: true });
  }

  /** @param {Range} range */
  #words({ from, to }) {
    const { zone } = this.#view;
    if (from === to) return formatClock(from, zone);
    const otherDay = startOfDay(from, zone) !== startOfDay(to, zone);
    const day = (/** @type {number} */ time) => (otherDay ? `${formatDate(time, zone, { year: false })} ` : "");
    return `${day(from)}${formatClock(from, zone)} – ${day(to)}${formatClock(to, zone)}`;
  }

  #show() {
    const { range } = this;
    this.#bar.show(range && marksWords(this.#marks, range, this.#view.zone, this.#size));
  }
}
