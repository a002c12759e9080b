// @ts-check
/** Answers that come line by line, each a JSON value, while the server works (application/x-ndjson). */

import { ApiError, errorOf } from "./api.js";

const SENDS = { "Content-Type": "application/json", "X-PyNVR": "1" };

/**
 * The values as they come. Leaving the loop, or aborting, hangs up, which ends the work. Throws `ApiError`, also where a
 * line holds an `error`, and what `signal` was aborted with.
 * @param {string} path
 * @param {{signal?: AbortSignal, body?: unknown, isWhole?: boolean}} [options] `body`: sent as JSON by POST; without one it
 *   is a GET. `isWhole`: it will be read to its end, and only aborting hangs up
 * @returns {AsyncGenerator<any>} any: JSON
 */
export async function* lines(path, { signal, body, isWhole = false } = {}) {
  let response;
  try {
    response = await fetch(path, {
      credentials: "same-origin",
      signal: signal ?? null,
      ...(body === undefined ? {} : { method: "POST", headers: SENDS, body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw signal.reason ?? error;
    throw new ApiError(0, "unreachable", "The server doesn't answer. Is it running, and is this device on its network?");
  }
  if (!response.ok || response.body === null) {
    throw errorOf(response.status, await response.text(), Number(response.headers.get("Retry-After")) || 0);
  }
  // Chromium tells a body that is only read as a stream as aborted (net::ERR_ABORTED), though it was read to its end.
  if (isWhole) void response.clone().text().catch(() => undefined);
  for await (const value of valuesOf(response.body)) {
    if (value?.error) throw new ApiError(response.status, value.error.code, value.error.message);
    yield value;
  }
}

/**
 * The `result` of an answer whose other lines tell how far it is. It is read to its end: leaving it earlier would look like
 * a request that failed. Throws as `lines` does, and an `Error` where there is no result.
 * @param {string} path
 * @param {{signal?: AbortSignal, body?: unknown}} options
 * @param {(told: {progress: number, waits: boolean}) => void} tell
 * @returns {Promise<any>} any: JSON
 */
export async function resultOf(path, options, tell) {
  let result = null;
  for await (const told of lines(path, { ...options, isWhole: true })) {
    if (told.result) result = told.result;
    else tell(told);
  }
  if (result === null) throw new Error("The answer broke off. The server may have been started anew.");
  return result;
}

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<any>} any: JSON
 */
export async function* valuesOf(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const whole = rest.split("\n");
      rest = done ? "" : (whole.pop() ?? "");
      for (const line of whole) if (line.trim()) yield JSON.parse(line);
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
