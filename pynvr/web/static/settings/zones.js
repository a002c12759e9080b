// @ts-check
/** Parts of a picture: between nvr.json's forms and corners that can be moved. Pure. */

/** @typedef {[number, number]} Corner shares of the picture's width and height, from its upper left corner */
/** @typedef {Corner[]} Zone at least three corners */

export const MOST_ZONES = 32;
export const MOST_CORNERS = 64;
/** A zone that was drawn smaller was a slip of the hand. */
const LEAST = 0.02;

/**
 * @param {unknown} value as nvr.json has it
 * @returns {Zone[] | null} null: not to be shown here
 */
export function zonesOf(value) {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return null;
  const zones = value.map(zoneOf);
  return zones.every((zone) => zone !== null) ? zones : null;
}

/** @param {any} value any: JSON @returns {Zone | null} */
function zoneOf(value) {
  if (Array.isArray(value)) {
    const isCorner = (/** @type {any} */ corner) => Array.isArray(corner) && corner.length === 2 && corner.every(isShare);
    return value.length >= 3 && value.every(isCorner) ? value.map(([x, y]) => [x, y]) : null;
  }
  const { x, y, width, height } = value ?? {};
  if (![x, y, width, height].every(isShare)) return null;
  return rectangle([x, y], [x + width, y + height]);
}

/** @param {unknown} value */
const isShare = (value) => typeof value === "number" && value >= 0 && value <= 1;

/** As they stand in nvr.json: what is a rectangle, as one. @param {readonly Zone[]} zones */
export function storedZones(zones) {
  return zones.map((zone) => {
    const [left, top] = [Math.min(...zone.map(([x]) => x)), Math.min(...zone.map(([, y]) => y))];
    const [right, bottom] = [Math.max(...zone.map(([x]) => x)), Math.max(...zone.map(([, y]) => y))];
    const same = JSON.stringify(zone) === JSON.stringify(rectangle([left, top], [right, bottom]));
    if (!same || right === left || bottom === top) return zone;
    return { x: left, y: top, width: rounded(right - left), height: rounded(bottom - top) };
  });
}

/** @param {Corner} one @param {Corner} other @returns {Zone} */
export function rectangle(one, other) {
  const [left, right] = [one[0], other[0]].map(inside).sort((a, b) => a - b);
  const [top, bottom] = [one[1], other[1]].map(inside).sort((a, b) => a - b);
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** Whether somebody meant to draw it. @param {Zone} zone */
export function isMeant(zone) {
  const width = Math.max(...zone.map(([x]) => x)) - Math.min(...zone.map(([x]) => x));
  const height = Math.max(...zone.map(([, y]) => y)) - Math.min(...zone.map(([, y]) => y));
  return width >= LEAST && height >= LEAST;
}

/** @param {readonly Zone[]} zones @param {number} zone @param {number} corner @param {Corner} to @returns {Zone[]} */
export function withMoved(zones, zone, corner, [x, y]) {
  return zones.map((each, number) =>
    number === zone ? each.map((point, index) => (index === corner ? [inside(x), inside(y)] : point)) : each,
  );
}

/** A new corner in the middle behind another. @param {readonly Zone[]} zones @param {number} zone @param {number} corner @returns {Zone[]} */
export function withAdded(zones, zone, corner) {
  return zones.map((each, number) => {
    if (number !== zone || each.length >= MOST_CORNERS) return each;
    const [one, other] = [each[corner], each[(corner + 1) % each.length]];
    /** @type {Corner} */
    const middle = [inside((one[0] + other[0]) / 2), inside((one[1] + other[1]) / 2)];
    return [...each.slice(0, corner + 1), middle, ...each.slice(corner + 1)];
  });
}

/** Without a corner; of three corners nothing is left. @param {readonly Zone[]} zones @param {number} zone @param {number} corner @returns {Zone[]} */
export function withoutCorner(zones, zone, corner) {
  if (zones[zone].length <= 3) return zones.filter((_, number) => number !== zone);
  return zones.map((each, number) => (number === zone ? each.filter((_, index) => index !== corner) : each));
}

/** @param {number} share */
function inside(share) {
  return rounded(Math.min(1, Math.max(0, share)));
}

/** A thousandth of a picture is a pixel or two. @param {number} share */
function rounded(share) {
  return Math.round(share * 1000) / 1000;
}
