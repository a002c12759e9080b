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
 * `Face at Gate, 14:02:11`; of several `3 alerts: Gate, Walk`.
 * @param {readonly { kind: string, name: string, clock: string }[]} alerts one at least; `clock`: its time of day
 */
export function alertWords(alerts) {
  const [{ kind, name, clock }] = alerts;
  if (alerts.length === 1) return `${kindName(kind)} at ${name}, ${clock}`;
  return `${alerts.length} alerts: ${[...new Set(alerts.map((alert) => alert.name))].join(", ")}`;
}

/** What stands beside the word "Alerts"; nothing where there is none. @param {number} count */
export function countWords(count) {
  if (count <= 0) return "";
  return count >= MOST ? `${MOST - 1}+` : String(count);
}
