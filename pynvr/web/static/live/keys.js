// @ts-check
/** What each key does on the live page. Pure. */

/** @typedef {{ do: "camera" | "all" | "step" | "sound" | "rewind" | "screen" | "help", number?: number }} Command */

/** For people. @type {[string, string][]} */
export const KEYS = [
  ["1 … 9", "that camera large"],
  ["← →", "the next camera"],
  ["Enter", "large, and back"],
  ["Esc", "all cameras"],
  ["R", "30 seconds back"],
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
    case "f":
      return { do: "screen" };
    case "?":
      return { do: "help" };
    default:
      return null;
  }
}
