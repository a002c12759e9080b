// @ts-check
/** Requests to the server: JSON in, JSON out, one kind of error, words that a person can read. */

/** What the server, or the way to it, answered instead of the wish. */
export class ApiError extends Error {
  /**
   * @param {number} status HTTP status; 0 when no answer came
   * @param {string} code for programs, such as "not_found"; "unreachable" when no answer came
   * @param {string} message a sentence for people
   * @param {Record<string, any>} [more] further fields of the answer's `error` object. any: each code has its own
   * @param {number} [retryAfter] seconds to wait, where the server said so
   */
  constructor(status, code, message, more = {}, retryAfter = 0) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.more = more;
    this.retryAfter = retryAfter;
  }
}

/**
 * @typedef {object} RequestOptions
 * @property {AbortSignal} [signal]
 * @property {Record<string, string>} [headers]
 * @property {(headers: Headers) => void} [seen] gets the headers of a good answer
 */

/**
 * `get` and the others resolve to the parsed answer (the payload, where it comes in version 1's envelope), or null for
 * an empty one. They throw `ApiError`, or what `signal` was aborted with. The answer is `any`: each page's typedefs say
 * what it expects.
 */
export const api = {
  /** @param {string} path @param {RequestOptions} [options] @returns {Promise<any>} */
  get: (path, options) => request("GET", path, undefined, options),
  /** @param {string} path @param {unknown} [body] @param {RequestOptions} [options] @returns {Promise<any>} */
  post: (path, body, options) => request("POST", path, body, options),
  /** @param {string} path @param {unknown} [body] @param {RequestOptions} [options] @returns {Promise<any>} */
  put: (path, body, options) => request("PUT", path, body, options),
  /** @param {string} path @param {unknown} [body] @param {RequestOptions} [options] @returns {Promise<any>} */
  patch: (path, body, options) => request("PATCH", path, body, options),
  /** @param {string} path @param {RequestOptions} [options] @returns {Promise<any>} */
  delete: (path, options) => request("DELETE", path, undefined, options),
};

/** Where a person without a session goes to; a page that is open already shows the error instead. */
const OPEN_PAGES = new Set(["/login", "/setup"]);

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 * @param {RequestOptions} [options]
 */
async function request(method, path, body, options = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", ...options.headers };
  if (method !== "GET") headers["X-PyNVR"] = "1";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  let text;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: "same-origin",
      signal: options.signal ?? null,
    });
    text = await response.text();
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason ?? error;
    throw new ApiError(0, "unreachable", "The server doesn't answer. Is it running, and is this device on its network?");
  }
  if (response.ok) {
    options.seen?.(response.headers);
    return unwrapped(parsed(text));
  }
  if (response.status === 401 && typeof location === "object" && !OPEN_PAGES.has(location.pathname)) {
    location.assign(loginAddress(location));
  }
  throw errorOf(response.status, text, Number(response.headers.get("Retry-After")) || 0);
}

/**
 * The login page's address that comes back to this one.
 * @param {{ pathname: string, search: string, hash: string }} place
 */
export function loginAddress(place) {
  return `/login?next=${encodeURIComponent(place.pathname + place.search + place.hash)}`;
}

/**
 * Where to go after the login: `next`, if it is a page of this site, else the start page.
 * @param {string | null} next
 * @param {string} origin of this site, such as "https://nvr.home"
 */
export function placeAfterLogin(next, origin) {
  if (!next || !next.startsWith("/")) return "/";
  let address;
  try {
    // Browsers read "//host" and "/\host" as another site; so does URL, and then the origin differs.
    address = new URL(next, origin);
  } catch {
    return "/";
  }
  if (address.origin !== origin || OPEN_PAGES.has(address.pathname)) return "/";
  return address.pathname + address.search + address.hash;
}

/** @param {string} text @returns {any} any: JSON */
function parsed(text) {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(0, "bad_answer", "The server answered something that this page doesn't understand.");
  }
}

/**
 * The payload of version 1's envelope `{"date", "system", "payload"}`; anything else as it is.
 * @param {any} answer any: JSON
 */
export function unwrapped(answer) {
  const enveloped =
    answer !== null && typeof answer === "object" && "payload" in answer && "date" in answer && "system" in answer;
  return enveloped ? answer.payload : answer;
}

/** @type {Record<number, string>} */
const WORDS = {
  400: "The server didn't understand the request.",
  401: "Please log in.",
  403: "Your user may not do this.",
  404: "There is nothing there (any more).",
  409: "Somebody else changed this in the meantime.",
  413: "That is too large.",
  422: "The server didn't accept the values.",
  429: "That was too often. Please wait a moment.",
  503: "The server is too busy, or just starting. Please try again in a moment.",
};

/**
 * @param {number} status
 * @param {string} text the answer's body
 * @param {number} retryAfter seconds
 */
export function errorOf(status, text, retryAfter = 0) {
  let error = null;
  try {
    error = JSON.parse(text).error;
  } catch {
    // A proxy's page, or nothing at all: the status alone has to do.
  }
  const known = error !== null && typeof error === "object";
  const { code, message, ...more } = known ? error : {};
  const words = WORDS[status] ?? (status >= 500 ? "The server failed at this. Its log says why." : "That didn't work.");
  return new ApiError(status, String(code ?? "error"), String(message || words), more, retryAfter);
}
