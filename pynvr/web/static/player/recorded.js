// @ts-check
/** What of the chosen cameras is recorded: asked for around the moment in pieces of some hours, kept, kept fresh. */

import { gapCause } from "../shell/words.js";
import { indexAt, merged, spanAt, startAfter } from "./spans.js";

const PIECE_S = 6 * 3600;
const FRESH_MS = 2000;
/** Who wants what is newer than the last answer asks again after so long. */
const NEWER_MS = 250;
/** So near to the next piece that it is asked for too. */
const NEAR_S = 900;

/**
 * @typedef {import("./spans.js").Span} Span
 * @typedef {import("./causes.js").Gap} Gap
 * @typedef {{spans: Span[], gaps: [number, number, string, string][]}} Told
 * @typedef {{now: number, timezone: string, cameras: Record<string, Told>}} Answer
 * @typedef {{told: Told, known: number, at_ms: number, until: number}} Piece `known`: up to when it can be trusted
 */

export class Recorded {
  #get;
  #clock_ms;
  #pieces = /** @type {Map<string, Map<number, Piece>>} */ (new Map());
  #spans = /** @type {Map<string, Span[]>} */ (new Map());
  #ranges = /** @type {Map<string, Span[]>} */ (new Map());
  #asked = /** @type {Map<string, Promise<void>>} */ (new Map());
  #ahead_s = 0;

  /**
   * @param {(path: string) => Promise<Answer>} get
   * @param {() => number} [clock_ms]
   */
  constructor(get, clock_ms = Date.now) {
    this.#get = get;
    this.#clock_ms = clock_ms;
  }

  /** The server's clock, epoch seconds. */
  now() {
    return this.#clock_ms() / 1000 + this.#ahead_s;
  }

  /**
   * What is known of all the camera's time; good for finding far things, not for the last minutes.
   * @param {string} cameraId
   * @param {readonly Span[]} ranges
   */
  setRanges(cameraId, ranges) {
    this.#ranges.set(
      cameraId,
      ranges.map(([start, end]) => [start, end]),
    );
  }

  /**
   * Have what lies around `time`.
   * @param {readonly string[]} cameraIds
   * @param {number} time
   * @returns {Promise<void>}
   */
  async ensure(cameraIds, time) {
    const number = Math.floor(time / PIECE_S);
    const aside = time % PIECE_S < NEAR_S ? number - 1 : time % PIECE_S > PIECE_S - NEAR_S ? number + 1 : number;
    if (aside !== number) void this.#load(cameraIds, aside).catch(() => undefined);
    await this.#load(cameraIds, number, time);
    // A gap that goes on over the piece's beginning: since when is known a piece earlier, step by step.
    // So is until when.
    for (const id of cameraIds) {
      const gap = this.#gap(id, time);
      for (const piece of [gap?.unasked ?? null, gap?.unaskedAfter ?? null])
        if (piece !== null) void this.#load([id], piece).catch(() => undefined);
    }
  }

  /**
   * The recorded stretch that holds `time`; null: nothing recorded; undefined: not known yet.
   * @param {string} cameraId
   * @param {number} time
   * @returns {Span | null | undefined}
   */
  spanAt(cameraId, time) {
    const span = spanAt(this.#spans.get(cameraId) ?? [], time);
    if (span) return span;
    const piece = this.#pieces.get(cameraId)?.get(Math.floor(time / PIECE_S));
    if (piece === undefined) return time > this.now() ? null : undefined;
    return null;
  }

  /**
   * Why nothing is recorded at `time`; null where something is, or nothing is known. Its `start` is 0 if that isn't known
   * (yet), or before all that is recorded; it is `open` if its end isn't known (yet).
   * @param {string} cameraId
   * @param {number} time
   * @returns {Gap | null}
   */
  gapAt(cameraId, time) {
    const found = this.#gap(cameraId, time);
    if (found === null) return null;
    const { start, end, cause, detail, open, unasked } = found;
    if (unasked === null) return { start, end, cause, detail, open };
    // Without its start it can't be told from what is before all recordings.
    return { start: 0, end, cause, detail, open: open || cause === "unknown" };
  }

  /**
   * The next instant at which any of the cameras is recorded again.
   * @param {readonly string[]} cameraIds
   * @param {number} time
   * @returns {number | null}
   */
  nextStart(cameraIds, time) {
    const starts = cameraIds.map((id) => startAfter(this.#all(id), time)).filter((start) => start !== null);
    return starts.length ? Math.min(...starts) : null;
  }

  /**
   * The last recorded instant before `time` of any of the cameras.
   * @param {readonly string[]} cameraIds
   * @param {number} time
   * @returns {number | null}
   */
  lastBefore(cameraIds, time) {
    const ends = cameraIds.flatMap((id) => {
      const spans = this.#all(id);
      const span = spans[indexAt(spans, time)];
      return span ? [Math.min(time, span[1])] : [];
    });
    return ends.length ? Math.max(...ends) : null;
  }

  /**
   * Asks again for the piece that is being recorded, if it is no longer fresh.
   * @param {readonly string[]} cameraIds
   */
  async refresh(cameraIds) {
    await this.#load(cameraIds, Math.floor(this.now() / PIECE_S));
  }

  /**
   * The gap at `time` as far as the pieces are loaded; `unasked`, `unaskedAfter`: the piece that would tell more of its
   * beginning, of its end.
   * @param {string} cameraId
   * @param {number} time
   * @returns {(Gap & {open: boolean, unasked: number | null, unaskedAfter: number | null}) | null}
   */
  #gap(cameraId, time) {
    const pieces = this.#pieces.get(cameraId);
    const number = Math.floor(time / PIECE_S);
    const found = spanAt(pieces?.get(number)?.told.gaps ?? [], time);
    if (!pieces || !found) return null;
    let [start, end, cause, detail] = found;
    let unasked = null;
    for (let before = number - 1; start === (before + 1) * PIECE_S; before -= 1) {
      const piece = pieces.get(before);
      const other = piece?.told.gaps.at(-1);
      if (!piece) unasked = before;
      if (!other || other[1] !== start || other[2] !== cause) break;
      start = other[0];
    }
    // Before the first word about a camera there is nothing to ask for.
    if (unasked !== null && cause === "unknown" && !this.#all(cameraId).some(([begin]) => begin < start))
      [start, unasked] = [0, null];
    let unaskedAfter = null;
    for (let after = number + 1; end === after * PIECE_S && end < this.now(); after += 1) {
      const piece = pieces.get(after);
      const other = piece?.told.gaps[0];
      if (!piece) unaskedAfter = after;
      if (!other || other[0] !== end || other[2] !== cause) break;
      end = other[1];
    }
    const gap = { start, end, cause, detail, open: unaskedAfter !== null, unasked, unaskedAfter };
    if (start > 0 || cause !== "unknown") return gap;
    // It ends with the first recording, which may be years away: that is known without what lies between.
    const first = startAfter(this.#all(cameraId), time);
    const isFirst = first !== null && (first === end || this.#ranges.has(cameraId));
    return { ...gap, end: isFirst ? first : end, open: !isFirst, unaskedAfter: null };
  }

  /** @param {string} cameraId */
  #all(cameraId) {
    return merged(this.#spans.get(cameraId) ?? [], this.#ranges.get(cameraId) ?? []);
  }

  /**
   * @param {readonly string[]} cameraIds
   * @param {number} number
   * @param {number} [time] is wanted of it
   */
  async #load(cameraIds, number, time = 0) {
    const missing = cameraIds.filter((id) => this.#due(this.#pieces.get(id)?.get(number), time));
    if (missing.length === 0) return;
    const key = `${number} ${missing.join()}`;
    const asked = this.#asked.get(key) ?? this.#ask(missing, number).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    await asked;
  }

  /** @param {Piece | undefined} piece @param {number} time */
  #due(piece, time) {
    if (piece === undefined) return true;
    const fresh_ms = time > piece.known ? NEWER_MS : FRESH_MS;
    return piece.known < piece.until && this.#clock_ms() - piece.at_ms > fresh_ms;
  }

  /**
   * @param {string[]} cameraIds
   * @param {number} number
   */
  async #ask(cameraIds, number) {
    const [from, until] = [number * PIECE_S, (number + 1) * PIECE_S];
    const ids = cameraIds.map(encodeURIComponent).join(",");
    const answer = await this.#get(`/api/1/timeline?camera_ids=${ids}&from=${from}&to=${until}&resolution=${PIECE_S}`);
    const at_ms = this.#clock_ms();
    this.#ahead_s = answer.now - at_ms / 1000;
    for (const id of cameraIds) {
      const { spans, gaps } = answer.cameras[id] ?? { spans: [], gaps: [] };
      /** @type {Told} */
      const told = { spans, gaps: gaps.map(([start, end, cause, detail]) => [start, end, gapCause(cause, detail), detail]) };
      const pieces = this.#pieces.get(id) ?? new Map();
      pieces.set(number, { told, known: answer.now, at_ms, until });
      this.#pieces.set(id, pieces);
      this.#spans.set(
        id,
        merged(
          [...pieces.values()].flatMap((piece) => piece.told.spans),
          [],
        ),
      );
    }
  }
}
