// @ts-check
/**
 * Made-up recordings that look like real ones: noise, visitors, gaps of several causes. The same for the same seconds at
 * every resolution, as the server's are.
 */

/** 21 November 2026, 15:10 UTC. */
export const NOW = 1_795_273_800;

const CAUSES = ["unreachable", "stalled", "PyNVR not running", "schedule", "refused"];

/** @param {number} value */
function random(value) {
  let x = Math.imul(Math.floor(value) ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * The gaps of a camera that begin in a day (UTC).
 * @param {number} camera
 * @param {number} day
 * @returns {[number, number, string, string][]}
 */
function gapsOfDay(camera, day) {
  const start = day * 86_400;
  /** @type {[number, number, string, string][]} */
  const found = [];
  for (let number = 0; number < 3; number++) {
    const seed = camera * 7919 + day * 31 + number * 101;
    if (random(seed) < 0.45) continue;
    const at = start + number * 28_800 + Math.floor(random(seed + 1) * 20_000);
    const length = 20 + Math.floor(random(seed + 2) ** 3 * 5_000);
    const cause = CAUSES[Math.floor(random(seed + 3) * CAUSES.length)];
    found.push([at, at + length, cause, "no answer"]);
  }
  return found;
}

/**
 * @param {number} camera
 * @param {number} from
 * @param {number} to
 */
export function gapsOf(camera, from, to) {
  const since = NOW - (40 + camera) * 86_400;
  /** @type {[number, number, string, string][]} */
  const found = from < since ? [[from, Math.min(to, since), camera % 2 ? "unknown" : "deleted by retention", ""]] : [];
  for (let day = Math.floor(from / 86_400) - 1; day * 86_400 < to; day++) found.push(...gapsOfDay(camera, day));
  // What a page is shown in pictures: one camera away for seven minutes, half an hour ago.
  if (camera === 3) found.push([NOW - 3_900, NOW - 3_480, "unreachable", "no route to host"]);
  return found
    .filter(([start, end]) => end > Math.max(from, since - 1) && start < to)
    .sort((a, b) => a[0] - b[0])
    .map((gap) => /** @type {[number, number, string, string]} */ ([Math.max(gap[0], from), Math.min(gap[1], to, NOW), gap[2], gap[3]]))
    .filter(([start, end]) => end > start);
}

/**
 * Activity of one second, 0 to 1.
 * @param {number} camera
 * @param {number} t
 */
function activityAt(camera, t) {
  let most = random(t * 13 + camera) > 0.93 ? random(t + camera) * 0.3 : 0;
  const hour = Math.floor(t / 1_800);
  for (const block of [hour - 1, hour]) {
    const seed = block * 17 + camera * 1_009;
    if (random(seed) < 0.4) continue;
    const middle = block * 1_800 + random(seed + 1) * 1_800;
    const width = 15 + random(seed + 2) ** 2 * 260;
    const away = (t - middle) / width;
    if (Math.abs(away) < 3) most = Math.max(most, (0.4 + 0.6 * random(seed + 3)) * Math.exp(-away * away) * (0.7 + 0.3 * random(t)));
  }
  return most;
}

/**
 * @param {number} camera
 * @param {number} from
 * @param {number} resolution
 * @param {number} count
 */
function activityOf(camera, from, resolution, count) {
  const samples = Math.min(resolution, 12);
  let bytes = "";
  for (let bucket = 0; bucket < count; bucket++) {
    const start = from + bucket * resolution;
    let most = 0;
    for (let n = 0; n < samples; n++) most = Math.max(most, activityAt(camera, start + Math.floor((n * resolution) / samples)));
    bytes += String.fromCharCode(start >= NOW ? 255 : Math.round(most * 254));
  }
  return btoa(bytes);
}

/**
 * The payload of `/api/1/timeline` for `cameraN` ids.
 * @param {string[]} ids
 * @param {number} from
 * @param {number} to
 * @param {number} resolution
 * @param {string} timezone
 */
export function timeline(ids, from, to, resolution, timezone) {
  /** @type {Record<string, unknown>} */
  const cameras = {};
  for (const id of ids) {
    const camera = Number(id.replace("camera", ""));
    const gaps = gapsOf(camera, from, to);
    /** @type {[number, number][]} */
    const spans = [];
    let start = from;
    for (const [gapStart, gapEnd] of gaps) {
      if (gapStart > start) spans.push([start, gapStart]);
      start = gapEnd;
    }
    if (Math.min(to, NOW) > start) spans.push([start, Math.min(to, NOW)]);
    cameras[id] = {
      spans, gaps, activity: activityOf(camera, from, resolution, Math.round((to - from) / resolution)),
      keeps: within([{ id: 1, start: NOW - 7_800, end: NOW - 6_000, reason: "theft" }], camera === 0, from, to),
      tags: within([
        { id: 1, start: NOW - 9_000, end: NOW - 9_000, label: "parcel" },
        { id: 2, start: NOW - 5_400, end: NOW - 4_900, label: "gardener came in by the back gate" },
      ], camera <= 1, from, to),
    };
  }
  return { from, to, resolution, timezone, now: NOW, cameras };
}

/**
 * @template {{start: number, end: number}} T
 * @param {T[]} marks
 * @param {boolean} has
 * @param {number} from
 * @param {number} to
 */
function within(marks, has, from, to) {
  return has ? marks.filter((mark) => mark.start < to && mark.end >= from) : [];
}
