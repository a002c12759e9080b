// @ts-check
/** The page's one WebSocket, for alerts and for cameras. It opens itself again for as long as the page is there. */

import { api } from "./api.js";
import { readMessage } from "./wire.js";

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;
/** The server says something each two seconds of every camera, each ten of alerts; silence is a line that has died unseen. */
const SILENT_MS = 15_000;
const SILENT_ALERTS_MS = 40_000;
const LOGGED_OUT = 1008;
/** Too many watch already. */
const AGAIN_LATER = 1013;

/**
 * @typedef {"mp4" | "jpeg"} Mode
 * @typedef {"main" | "sub"} Stream the one that is recorded, or the smaller one beside it, where there is one
 * @typedef {{ mode: Mode, sound: boolean, stream?: Stream }} Form
 * @typedef {object} Sink what is told of one camera
 * @property {(kind: number, data: Uint8Array<ArrayBuffer>, time: number) => void} media
 * @property {(message: any) => void} said JSON, by its type
 * @property {() => void} lost the connection has gone; it comes back
 */

/** Fires `alert` (detail: an alert as docs/live.md has it), `unviewed` (detail: how many), `lost`, and `ended` when the
 * login no longer holds. */
export class Connection extends EventTarget {
  /** Whether it was open and isn't now. */
  isLost = false;
  #address;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Map<string, { sink: Sink, form: Form, paused: boolean }>} */
  #cameras = new Map();
  #failures = 0;
  #wasOpen = false;
  #timer = 0;
  #heard = 0;
  #alerts = false;

  /** @param {string} address */
  constructor(address) {
    super();
    this.#address = address;
    setInterval(() => this.#watch(), 2000);
    document.addEventListener("visibilitychange", () => this.#rest());
  }

  /** Tell of alerts from now on. */
  listen() {
    if (this.#alerts) return;
    this.#alerts = true;
    this.#send({ type: "alerts" });
    if (!document.hidden) this.open();
  }

  /** Does nothing where it is open already. */
  open() {
    if (this.#socket) return;
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.#address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#wasOpen = false;
    this.#heard = performance.now();
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", ({ code }) => this.#lost(socket, code));
  }

  /** @param {string} camera @param {Sink} sink @param {Form} form */
  subscribe(camera, sink, form) {
    const paused = this.#cameras.get(camera)?.paused ?? false;
    this.#cameras.set(camera, { sink, form, paused });
    this.#ask(camera);
  }

  /** Nothing is sent for a camera that nobody looks at. @param {string} camera @param {boolean} paused */
  pause(camera, paused) {
    const one = this.#cameras.get(camera);
    if (!one || one.paused === paused) return;
    one.paused = paused;
    this.#send({ type: paused ? "pause" : "resume", camera });
  }

  #opened() {
    this.#failures = 0;
    this.#wasOpen = true;
    this.isLost = false;
    if (this.#alerts) this.#send({ type: "alerts" });
    for (const camera of this.#cameras.keys()) this.#ask(camera);
  }

  /** @param {string} camera that is known */
  #ask(camera) {
    const one = this.#cameras.get(camera);
    if (!one) return;
    this.#send({ type: "subscribe", camera, ...one.form });
    if (one.paused) this.#send({ type: "pause", camera });
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    this.#heard = performance.now();
    if (typeof data === "string") {
      const message = JSON.parse(data);
      if (message.type === "alerts") this.dispatchEvent(new CustomEvent("unviewed", { detail: message.unviewed }));
      if (isAlert(message)) this.dispatchEvent(new CustomEvent("alert", { detail: message }));
      this.#cameras.get(message.camera)?.sink.said(message);
      return;
    }
    const message = readMessage(data);
    if (message) this.#cameras.get(message.camera)?.sink.media(message.kind, message.data, message.time);
  }

  /** @param {WebSocket} socket @param {number} code */
  #lost(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.isLost = true;
    for (const { sink } of this.#cameras.values()) sink.lost();
    this.dispatchEvent(new Event("lost"));
    if (code === LOGGED_OUT) {
      this.dispatchEvent(new Event("ended"));
      return;
    }
    // Why a socket was refused no browser tells. Whoever is logged out finds that out here, and is sent to log in.
    if (!this.#wasOpen) void api.get("/api/me").catch(() => undefined);
    const delay = code === AGAIN_LATER ? LONGEST_DELAY_MS : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#timer = window.setTimeout(() => this.open(), delay * (0.8 + 0.4 * Math.random()));
  }

  /** A page that nobody sees needs no line for its alerts alone. */
  #rest() {
    if (!this.#alerts || this.#cameras.size > 0) return;
    if (!document.hidden) {
      this.open();
      return;
    }
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#timer);
    socket?.close();
  }

  #watch() {
    const socket = this.#socket;
    const silence = this.#cameras.size > 0 ? SILENT_MS : SILENT_ALERTS_MS;
    if (!socket || performance.now() - this.#heard < silence) return;
    this.#heard = performance.now();
    socket.close();
    // A dead line doesn't answer a close either.
    this.#lost(socket, 1006);
  }

  /** @param {object} message */
  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

/** @param {{ type: string }} message JSON of docs/live.md */
const isAlert = ({ type }) => type === "face_alert" || type === "alert";
