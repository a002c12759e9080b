// @ts-check
/** What each key does on the live page. Pure. */

/** @typedef {{ do: "camera" | "all" | "step" | "sound" | "rewind" | "pause" | "live" | "boxes" | "screen" | "help", number?: number }} Command */

/** For people. @type {readonly import("../shell/key_dialog.js").Keys[]} */
export const HELP = [
  {
    title: "Cameras",
    keys: [
      ["1 … 9", "that camera large"],
      ["←  →", "the camera before, the next one"],
      ["Enter", "large, and back"],
      ["Esc", "all cameras"],
    ],
  },
  {
    title: "Back in time",
    keys: [
      ["R", "30 seconds back, in place"],
      ["K", "pause there, or play on"],
      ["L", "live again"],
    ],
  },
  {
    title: "Look and listen",
    keys: [
      ["B", "boxes around what is detected"],
      ["M", "sound on, off"],
      ["F", "full screen"],
      ["?", "this help"],
    ],
  },
];

/**
 * @param {string} key of a KeyboardEvent
 * @returns {Command | null}
 */
export function commandOf(key) {
  if (/^[1-9]$/.test(key)) return { do: "camera", number: Number(key) - 1 };
  switch (key) {
    case "Escape":
    case "0":
      return { do: "all" };
    case "ArrowRight":
      return { do: "step", number: 1 };
    case "ArrowLeft":
      return { do: "step", number: -1 };
    case "m":
      return { do: "sound" };
    case "r":
      return { do: "rewind" };
    case "k":
      return { do: "pause" };
    case "l":
      return { do: "live" };
    case "b":
      return { do: "boxes" };
    case "f":
      return { do: "screen" };
    case "?":
      return { do: "help" };
    default:
      return null;
  }
}
