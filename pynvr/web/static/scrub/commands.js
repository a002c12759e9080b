// @ts-check
/** What each command of the page does; keys, buttons and gestures all end here. */

import { faster, slower, speedText } from "../player/speeds.js";
import { kindName } from "../shell/alert_words.js";
import { api } from "../shell/api.js";
import { addDays, startOfDay } from "../shell/time.js";
import { BEFORE_ALERT_S, nextAlert, placeOf } from "./alert_steps.js";

/**
 * @typedef {import("./keys.js").Command} Command
 * @typedef {import("./view.js").ScrubView} ScrubView
 */

/** How much of what comes before an activity is shown with it. */
const BEFORE_ACTIVITY_S = 2;
const ZOOM = 1.5;

/**
 * @param {ScrubView} view
 * @returns {Record<Command, () => void>}
 */
export function commandsOf(view) {
  const { player, recorded, source, timeline } = view;
  const ids = () => view.cameras.map(({ id }) => id);
  /** @param {number} seconds */
  const move = (seconds) => () => view.seek(player.moment + seconds, { reveal: true });

  /** @param {1 | -1} direction */
  const activity = (direction) => async () => {
    // Where it stands after the last jump lies a little before that activity.
    const from = direction > 0 ? player.moment + BEFORE_ACTIVITY_S + 0.5 : player.moment;
    const found = await source.nextActivity(ids(), from, direction).catch(() => null);
    if (found) view.seek(found.time - BEFORE_ACTIVITY_S, { reveal: true });
    else view.say(direction > 0 ? "No later activity." : "No earlier activity.");
  };

  /** @param {1 | -1} direction */
  const edge = (direction) => async () => {
    const found = await source.nextEdge(ids(), player.moment, direction).catch(() => null);
    if (found) view.seek(found.time, { reveal: true });
    else view.say(direction > 0 ? "No later start or end of a recording." : "No earlier start or end of a recording.");
  };

  /** The one that was jumped to last. @type {import("./alert_steps.js").Place | null} */
  let shownAlert = null;
  /** @param {1 | -1} direction */
  const alert = (direction) => async () => {
    const place = placeOf(shownAlert, player.moment, direction);
    const found = await nextAlert((path) => api.get(path), ids(), place, direction).catch(() => null);
    if (!found) return view.say(direction > 0 ? "No later alert." : "No earlier alert.");
    shownAlert = found;
    view.setMain(found.stream);
    view.seek(found.time - BEFORE_ALERT_S, { reveal: true });
    view.say(`${kindName(found.kind)} at ${view.main.name}`);
  };

  /** @param {(speed: number) => number} change */
  const speed = (change) => () => {
    // The first press starts playing in that direction.
    if (player.playing) player.setSpeed(change(player.speed));
    else if (player.speed > 0 !== change(0) > 0) player.setSpeed(Math.sign(change(0)));
    player.play();
    view.say(`Speed ${speedText(player.speed)}`);
  };

  return {
    toggle: () => (player.playing ? player.pause() : player.play()),
    slower: speed(slower),
    faster: speed(faster),
    back5: move(-5),
    ahead5: move(5),
    back60: move(-60),
    ahead60: move(60),
    previousActivity: () => void activity(-1)(),
    nextActivity: () => void activity(1)(),
    previousFrame: () => void player.step(-1),
    nextFrame: () => void player.step(1),
    dayStart: () => {
      const start = startOfDay(player.moment, view.zone);
      const first = recorded.spanAt(ids()[0], start) ? start : (recorded.nextStart(ids(), start - 0.001) ?? start);
      view.seek(first < addDays(start, view.zone, 1) ? first : start, { reveal: true });
    },
    dayEnd: () => {
      const end = addDays(startOfDay(player.moment, view.zone), view.zone, 1);
      view.seek((recorded.lastBefore(ids(), Math.min(end, recorded.now())) ?? end) - 1, { reveal: true });
    },
    previousEdge: () => void edge(-1)(),
    nextEdge: () => void edge(1)(),
    previousAlert: () => void alert(-1)(),
    nextAlert: () => void alert(1)(),
    markIn: () => view.taking.mark("in"),
    markOut: () => view.taking.mark("out"),
    clearMarks: () => view.taking.setMarks(null, null),
    export: () => view.taking.download(),
    incident: () => view.taking.incident(),
    findChange: () => view.taking.findChange(),
    bestFrames: () => view.taking.bestFrames(),
    fullScreen: () =>
      void (document.fullscreenElement
        ? document.exitFullscreen()
        : document.documentElement.requestFullscreen().catch(() => undefined)),
    sync: () => {
      void player.sync();
      view.say("All cameras in step.");
    },
    zoomIn: () => timeline.zoom(1 / ZOOM),
    zoomOut: () => timeline.zoom(ZOOM),
    goTo: () => view.goTo.focus(),
    help: () => view.keyHelp.toggle(),
    sound: () => view.setSound(!view.sound),
    close: () => view.taking.close(),
  };
}
