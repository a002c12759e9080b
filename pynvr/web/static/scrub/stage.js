// @ts-check
/** All pictures of the page: which cameras, which one is large, where each stands. */

import { arrange } from "./arrange.js";
import { Tile } from "./tile.js";

/**
 * @typedef {import("../player/camera_player.js").Camera} Camera
 * @typedef {import("../player/camera_player.js").Shared} Shared
 */

const GAP_PX = 8;

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
    const beside = arrange({ width, height, count: this.#tiles.length, gap: GAP_PX });
    this.#element.dataset["count"] = String(this.#tiles.length);
    const style = this.#element.style;
    style.setProperty("--beside-columns", String(beside?.columns ?? 0));
    style.setProperty("--beside-rows", String(beside?.rows ?? 1));
    style.setProperty("--beside-width", `${beside?.width ?? 0}px`);
    let place = 0;
    for (const tile of this.#tiles) {
      const chosen = tile.id === this.#main;
      const at = chosen || !beside ? null : place++;
      tile.element.style.gridColumn = at === null ? "" : String(2 + (at % (beside?.columns ?? 1)));
      tile.element.style.gridRow = at === null ? "" : String(1 + Math.floor(at / (beside?.columns ?? 1)));
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
