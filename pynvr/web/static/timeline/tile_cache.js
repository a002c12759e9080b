// @ts-check
/** Tiles by key, the ones not looked at for longest dropped first. Pure. */

/** @typedef {import("./tiles.js").Tile} Tile */

export class TileCache {
  /** @type {Map<string, Tile>} */
  #tiles = new Map();

  /** @param {number} limit tiles; one is 1 to 3 KB */
  constructor(limit) {
    this.limit = limit;
  }

  get size() {
    return this.#tiles.size;
  }

  /**
   * Looks without counting as use.
   * @param {string} key
   */
  peek(key) {
    return this.#tiles.get(key);
  }

  /** @param {string} key */
  get(key) {
    const tile = this.#tiles.get(key);
    if (tile) {
      this.#tiles.delete(key);
      this.#tiles.set(key, tile);
    }
    return tile;
  }

  /**
   * @param {string} key
   * @param {Tile} tile
   */
  set(key, tile) {
    this.#tiles.delete(key);
    this.#tiles.set(key, tile);
    for (const oldest of this.#tiles.keys()) {
      if (this.#tiles.size <= this.limit) break;
      this.#tiles.delete(oldest);
    }
  }

  /**
   * Makes tiles count as never loaded for the loader, while they go on being shown.
   * @param {(tile: Tile) => boolean} which
   */
  age(which) {
    for (const tile of this.#tiles.values()) if (which(tile)) tile.loadedAt = -Infinity;
  }
}
