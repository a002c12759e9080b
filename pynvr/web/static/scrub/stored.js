// @ts-check
/** A range made into a file on the server, watched until it is there. */

import { ApiError, api } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { formatBytes } from "../shell/words.js";

/**
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {import("./take_away.js").Range} Range
 * @typedef {import("./take_away.js").Gaps} Gaps
 * @typedef {{id: number | string, camera_id: string, bytes: number, state: string, progress: number, url: string | null, detail?: string}} Export
 */

const WATCH_MS = 1000;
const ENDED = new Set(["ready", "failed"]);

/**
 * @param {readonly Camera[]} cameras
 * @param {Range} range
 * @param {Gaps} gaps
 * @returns {{element: HTMLElement, stop: () => undefined}} `stop`: watch no longer; the work goes on
 */
export function storeOnServer(cameras, range, gaps) {
  let timer = 0;
  let stopped = false;
  const element = h(
    "div",
    { class: "stack tight", role: "status" },
    h("p", { class: "loading" }, "Asking the server …"),
  );

  async function begin() {
    const made = await Promise.all(
      cameras.map(async (camera) => {
        try {
          const wish = { camera_id: camera.id, from: range.from, to: range.to, gaps };
          return { camera, export: /** @type {Export} */ (await api.post("/api/1/exports", wish)), mistake: "" };
        } catch (error) {
          return { camera, export: null, mistake: error instanceof ApiError ? error.message : String(error) };
        }
      }),
    );
    await watch(made);
  }

  /** @param {{camera: Camera, export: Export | null, mistake: string}[]} made */
  async function watch(made) {
    fill(element, ...made.map((one) => line(one)));
    const open = made.filter((one) => one.export && !ENDED.has(one.export.state));
    if (stopped || open.length === 0) return;
    timer = window.setTimeout(async () => {
      try {
        const { exports } = await api.get("/api/1/exports");
        for (const one of open)
          if (one.export?.state !== "failed")
            one.export = exports.find((/** @type {Export} */ other) => other.id === one.export?.id) ?? one.export;
      } catch {
        // Asked again in a moment.
      }
      await watch(made);
    }, WATCH_MS);
  }

  /** @param {{camera: Camera, export: Export | null, mistake: string}} one */
  function line({ camera, export: made, mistake }) {
    const name = h("strong", {}, camera.name);
    if (made === null) return h("p", { class: "answer-line" }, name, h("span", { class: "alert-text" }, mistake));
    if (made.state === "failed")
      return h(
        "p",
        { class: "answer-line" },
        name,
        h("span", { class: "alert-text" }, made.detail || "It couldn't be made. The log says why."),
      );
    if (!ENDED.has(made.state)) {
      return h(
        "p",
        { class: "answer-line" },
        name,
        h("span", {}, "is being stored"),
        h("progress", { class: "bar short", max: 1, value: made.progress, "aria-label": "Progress" }),
        h("a", { href: "/downloads" }, "Downloads"),
        h(
          "button",
          {
            class: "button compact",
            type: "button",
            onclick: (/** @type {Event} */ event) => void cancel(made, event),
          },
          "Cancel",
        ),
      );
    }
    return h(
      "p",
      { class: "answer-line" },
      name,
      h("span", {}, `stored, ${formatBytes(made.bytes)}.`),
      h("a", { href: made.url, download: true }, "Download"),
      h("a", { href: "/downloads" }, "All downloads"),
    );
  }

  /** @param {Export} made @param {Event} event */
  async function cancel(made, { currentTarget }) {
    if (currentTarget instanceof HTMLButtonElement) currentTarget.disabled = true;
    try {
      await api.delete(`/api/1/exports/${made.id}`);
      Object.assign(made, { state: "failed", detail: "Cancelled." });
    } catch {
      // It was ready first: the next look shows it.
    }
  }

  void begin();
  return {
    element,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
