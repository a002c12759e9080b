// @ts-check
/** The binary messages of /ws/live (docs/live.md). Pure. */

export const PICTURE = 5;

/**
 * @param {ArrayBuffer} message
 * @returns {{ kind: number, camera: string, data: Uint8Array<ArrayBuffer>, time: number } | null} `time`: of a picture, epoch
 *   seconds, else NaN; null for what isn't such a message
 */
export function readMessage(message) {
  const bytes = new Uint8Array(message);
  const length = bytes[1] ?? 0;
  let at = 2 + length;
  const kind = bytes[0] ?? 0;
  const end = kind === PICTURE ? at + 8 : at;
  if (length === 0 || bytes.length < end) return null;
  const camera = String.fromCharCode(...bytes.subarray(2, at));
  let time = NaN;
  if (kind === PICTURE) {
    time = Number(new DataView(message).getBigUint64(at)) / 1e6;
    at += 8;
  }
  return { kind, camera, data: bytes.subarray(at), time };
}
