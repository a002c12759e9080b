// @ts-check
/** Sorted stretches of time that don't overlap, `[start, end)` in epoch seconds. */

/** @typedef {[number, number]} Span */

/**
 * The index of the last span that starts at or before `time`, -1 when there is none.
 * @param {readonly (readonly [number, ...unknown[]])[]} spans
 * @param {number} time
 */
export function indexAt(spans, time) {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle][0] <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The span that holds `time`.
 * @template {readonly [number, number, ...unknown[]]} T
 * @param {readonly T[]} spans
 * @param {number} time
 * @returns {T | null}
 */
export function spanAt(spans, time) {
  const span = spans[indexAt(spans, time)];
  return span && time < span[1] ? span : null;
}

/**
 * The first start after `time`.
 * @param {readonly (readonly [number, number, ...unknown[]])[]} spans
 * @param {number} time
 * @returns {number | null}
 */
export function startAfter(spans, time) {
  return spans[indexAt(spans, time) + 1]?.[0] ?? null;
}

/**
 * One list of two, where what touches (or lies closer than `slack_s`) is one span.
 * @param {readonly Span[]} first
 * @param {readonly Span[]} second
 * @param {number} [slack_s]
 * @returns {Span[]}
 */
export function merged(first, second, slack_s = 0.001) {
  /** @type {Span[]} */
  const result = [];
  for (const [start, end] of [...first, ...second].sort((one, other) => one[0] - other[0])) {
    const last = result.at(-1);
    if (last && start <= last[1] + slack_s) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}
