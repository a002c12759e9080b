// @ts-check
/** Request headers as lines of text, one each: `X-Key: abc`. Pure. */

/** @param {unknown} headers as nvr.json has them @returns {string} */
export function linesOf(headers) {
  if (headers === null || typeof headers !== "object") return "";
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

/**
 * The way back. What can't be read as headers stays the text that it is: the server says what it expected.
 * @param {string} text
 * @returns {Record<string, string> | string | null} null: none
 */
export function headersOf(text) {
  const lines = text.split("\n").filter((line) => line.trim());
  const pairs = lines.map((line) => line.match(/^\s*([^\s:]+)\s*:\s*(.*?)\s*$/));
  if (pairs.length === 0) return null;
  if (pairs.some((pair) => pair === null)) return text;
  return Object.fromEntries(pairs.map((pair) => /** @type {string[]} */ (pair).slice(1, 3)));
}

/**
 * What makes the ones of the others by a merge: those that are gone are null.
 * @param {unknown} before
 * @param {unknown} after
 */
export function mergedHeaders(before, after) {
  if (!isObject(before) || !isObject(after)) return after;
  const gone = Object.keys(before).filter((name) => !(name in after));
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...after };
}

/** @param {unknown} value @returns {value is Record<string, string>} */
const isObject = (value) => typeof value === "object" && value !== null;
