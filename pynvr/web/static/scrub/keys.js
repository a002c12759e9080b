// @ts-check
/** What each key does on this page. Pure. */

/**
 * @typedef {"toggle" | "slower" | "faster" | "back5" | "ahead5" | "back60" | "ahead60" | "previousActivity" | "nextActivity"
 *   | "previousFrame" | "nextFrame" | "dayStart" | "dayEnd" | "previousEdge" | "nextEdge" | "previousAlert" | "nextAlert" | "markIn" | "markOut" | "clearMarks"
 *   | "export" | "incident" | "findChange" | "bestFrames" | "fullScreen" | "sync" | "zoomIn" | "zoomOut" | "goTo" | "help" | "sound" | "close"} Command
 * @typedef {{command: Command, camera?: undefined} | {command: "camera", camera: number}} Meaning `camera`: its number from 0
 * @typedef {{key: string, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean, altKey: boolean}} Press
 */

/** @type {Readonly<Record<string, Command>>} */
const PLAIN = {
  " ": "toggle",
  k: "toggle",
  j: "slower",
  l: "faster",
  arrowleft: "back5",
  arrowright: "ahead5",
  ",": "previousFrame",
  ".": "nextFrame",
  home: "dayStart",
  end: "dayEnd",
  p: "previousEdge",
  n: "nextEdge",
  "[": "markIn",
  i: "markIn",
  "]": "markOut",
  o: "markOut",
  x: "clearMarks",
  e: "export",
  r: "incident",
  c: "findChange",
  b: "bestFrames",
  f: "fullScreen",
  s: "sync",
  g: "goTo",
  m: "sound",
  "+": "zoomIn",
  "=": "zoomIn",
  "-": "zoomOut",
  "?": "help",
  escape: "close",
};

/** Where a shared layout has no key of its own for them, they need Shift or AltGr. */
const WITH_MODIFIERS = new Set(["?", "+", "[", "]", "=", "<", ">"]);

/**
 * @param {Press} press
 * @returns {Meaning | null} null: the key is the browser's
 */
export function meaningOf({ key, shiftKey, ctrlKey, metaKey, altKey }) {
  const name = key.toLowerCase();
  const bare = !ctrlKey && !metaKey && !altKey;
  if (name === "arrowleft" || name === "arrowright") {
    const ahead = name === "arrowright";
    if (metaKey || altKey) return null;
    if (ctrlKey) return { command: ahead ? "nextActivity" : "previousActivity" };
    if (shiftKey) return { command: ahead ? "ahead60" : "back60" };
  }
  if (name === "a" && bare) return { command: shiftKey ? "previousAlert" : "nextAlert" };
  if (WITH_MODIFIERS.has(name) && !metaKey && (altKey ? ctrlKey : !ctrlKey)) return plain(name);
  if (!bare) return null;
  if (/^[1-9]$/.test(name)) return { command: "camera", camera: Number(name) - 1 };
  return plain(name);
}

/** @param {string} name @returns {Meaning | null} */
function plain(name) {
  const command = PLAIN[name];
  return command ? { command } : null;
}

/** The keys for people, in groups. @type {readonly {title: string, keys: readonly [string, string][]}[]} */
export const HELP = [
  {
    title: "Play",
    keys: [
      ["Space  K", "play, pause"],
      ["L", "faster: 1, 2, 4, 8, 16 times"],
      ["J", "slower, then backwards"],
      [",  .", "one frame back, forward"],
      ["S", "bring all cameras in step"],
      ["M", "sound on, off"],
    ],
  },
  {
    title: "Look",
    keys: [
      ["1 … 9", "that camera large"],
      ["F", "full screen"],
      ["?", "this help"],
    ],
  },
  {
    title: "Move",
    keys: [
      ["←  →", "5 seconds"],
      ["Shift ←  →", "1 minute"],
      ["Ctrl ←  →", "previous, next activity"],
      ["A", "next alert; with Shift the one before"],
      ["P  N", "previous, next start or end of a recording"],
      ["Home  End", "start, end of the day"],
      ["G", "go to a time"],
      ["+  −", "zoom"],
    ],
  },
  {
    title: "Take away",
    keys: [
      ["[  I", "mark in; alone, 30 s from there"],
      ["]  O", "mark out; alone, 30 s up to there"],
      ["X", "clear the marks"],
      ["E", "download the marked range"],
      ["R", "report the moment as an incident"],
      ["C", "find the change: draw a box, ask when it became so"],
      ["B", "best frames of it, or of what the axis shows"],
    ],
  },
];
