// @ts-check
/** Answers that come line by line, each a JSON value, while the server works (application/x-ndjson). */

import { ApiError, errorOf } from "./api.js";

const SENDS = { "Content-Type": "application/json", "X-PyNVR": "1" };

/**
 * The values as they come. Leaving the loop, or aborting, hangs up, which ends the work. Throws `ApiError`, also where a
 * line holds an `error`, and what `signal` was aborted with.
 * @param {string} path
 * @param {{signal?: AbortSignal, body?: unknown}} [options] `body`: sent as JSON by POST; without one it is a GET
 * @returns {AsyncGenerator<any>} any: JSON
 */
export async function* lines(path, { signal, body } = {}) {
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
  for await (const value of valuesOf(response.body)) {
    if (value?.error) throw new ApiError(response.status, value.error.code, value.error.message);
    yield value;
  }
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
