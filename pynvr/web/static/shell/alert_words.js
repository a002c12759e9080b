// @ts-check
/** What an alert is, in words. Pure. */

/** Counted no further by the server. */
const MOST = 1000;

/** What was seen, as a heading has it: `Face`, `Motion`, `Number plate`. @param {string} kind */
export function kindName(kind) {
  const words = kind.replaceAll(/[-_]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * `Face at Gate, 14:02:11`; with more of the last moments `… and 3 more`.
 * @param {{ kind: string, name: string, clock: string, more: number }} alert `clock`: its time of day
 */
export function alertWords({ kind, name, clock, more }) {
  const words = `${kindName(kind)} at ${name}, ${clock}`;
  return more > 0 ? `${words}, and ${more} more` : words;
}

/** What stands beside the word "Alerts"; nothing where there is none. @param {number} count */
export function countWords(count) {
  if (count <= 0) return "";
  return count >= MOST ? `${MOST - 1}+` : String(count);
}
