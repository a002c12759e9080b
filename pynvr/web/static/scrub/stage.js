// @ts-check
/** All pictures of the page: which cameras, which one is large, where each stands. */

import { arrange } from "./arrange.js";
import { Tile } from "./tile.js";

/**
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {import("../player/camera_player.js").Shared} Shared
 */

/** A picture this narrow has no room for its time. */
const SMALL_PX = 170;

/** Fires `choose` (detail: camera id), `press` (the large picture was clicked) and `double`. */
export class Stage extends EventTarget {
  #element;
  #shared;
  #words;
  #tiles = /** @type {Tile[]} */ ([]);
  #main = "";

  /**
   * @param {HTMLElement} element
   * @param {Shared} shared
   * @param {import("./tile.js").Words} words
   */
  constructor(element, shared, words) {
    super();
    this.#element = element;
    this.#shared = shared;
    this.#words = words;
    new ResizeObserver(() => this.#arrange()).observe(element);
  }

  get tiles() {
    return this.#tiles;
  }

  get players() {
    return this.#tiles.map((tile) => tile.player);
  }

  /**
   * @param {readonly Camera[]} cameras
   * @param {string} main
   */
  setCameras(cameras, main) {
    const known = new Map(this.#tiles.map((tile) => [tile.id, tile]));
    this.#tiles = cameras.map((camera) => {
      const tile = known.get(camera.id) ?? this.#made(camera);
      known.delete(camera.id);
      return tile;
    });
    for (const tile of known.values()) tile.close();
    this.setMain(main);
  }

  /** @param {string} main */
  setMain(main) {
    this.#main = main;
    for (const tile of this.#tiles) tile.setChosen(tile.id === main);
    // The order in the document is that of the cameras; moving a <video> there would stop it.
    for (const tile of this.#tiles) if (!tile.element.isConnected) this.#element.append(tile.element);
    this.#arrange();
  }

  /** @param {number} time */
  show(time) {
    for (const tile of this.#tiles) tile.show(time);
  }

  #arrange() {
    const { clientWidth: width, clientHeight: height } = this.#element;
    if (width === 0) return;
    const look = getComputedStyle(this.#element);
    const gap = parseFloat(look.columnGap) || 0;
    const bar = parseFloat(look.getPropertyValue("--bar"));
    const { stacked, main, others } = arrange({ width, height, count: this.#tiles.length, gap, bar });
    const { style, dataset } = this.#element;
    const columns = others?.columns ?? 1;
    dataset["count"] = String(this.#tiles.length);
    dataset["stacked"] = String(stacked);
    dataset["small"] = String(others !== null && others.width < SMALL_PX);
    style.setProperty("--main-width", `${main.width}px`);
    style.setProperty("--main-height", `${main.height}px`);
    style.setProperty("--others-columns", String(columns));
    style.setProperty("--others-rows", String(Math.max(1, Math.ceil((this.#tiles.length - 1) / columns))));
    style.setProperty("--others-width", `${others?.width ?? 0}px`);
    style.setProperty("--others-height", `${others?.height ?? 0}px`);
    let place = 0;
    for (const tile of this.#tiles) {
      const at = tile.id === this.#main ? null : place++;
      tile.element.style.gridColumn = at === null ? "" : String((stacked ? 1 : 2) + (at % columns));
      tile.element.style.gridRow = at === null ? "" : String((stacked ? 2 : 1) + Math.floor(at / columns));
      tile.measure();
    }
  }

  /** @param {Camera} camera */
  #made(camera) {
    const tile = new Tile(camera, this.#shared, this.#words);
    tile.button.addEventListener("click", () => {
      if (tile.player.chosen) this.dispatchEvent(new Event("press"));
      else this.dispatchEvent(new CustomEvent("choose", { detail: tile.id }));
    });
    tile.button.addEventListener("dblclick", () => tile.player.chosen && this.dispatchEvent(new Event("double")));
    return tile;
  }
}
