// @ts-check
/** What each key does on the live page. Pure. */

/** @typedef {{ do: "camera" | "all" | "step" | "sound" | "rewind" | "pause" | "live" | "boxes" | "screen" | "help", number?: number }} Command */

/** For people. @type {[string, string][]} */
export const KEYS = [
  ["1 … 9", "that camera large"],
  ["← →", "the next camera"],
  ["Enter", "large, and back"],
  ["Esc", "all cameras"],
  ["R", "30 seconds back, in place"],
  ["K", "pause there, or play on"],
  ["L", "live again"],
  ["B", "boxes around what is detected"],
  ["M", "sound"],
  ["F", "full screen"],
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
