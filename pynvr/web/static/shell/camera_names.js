// @ts-check
/** The cameras as lists of other things need them: what they are called, and a choice of them. */

import { api } from "./api.js";
import { h } from "./dom.js";

/**
 * @typedef {{id: string, name: string, post_url?: string | null, first?: number | null}} NamedCamera as /api/cameras has it
 */

/** Every camera of nvr.json; none if nobody answers: their ids do as well. @returns {Promise<NamedCamera[]>} */
export async function allNamed() {
  try {
    const answer = await api.get("/api/cameras");
    return answer.cameras ?? answer;
  } catch {
    return [];
  }
}

/**
 * Offer them in a choice that begins with "All cameras".
 * @param {HTMLSelectElement} select
 * @param {readonly NamedCamera[]} cameras
 * @param {string} chosen an id, perhaps of a camera that was removed
 */
export function offerCameras(select, cameras, chosen) {
  const more = chosen && !cameras.some(({ id }) => id === chosen) ? [{ id: chosen, name: chosen }] : [];
  select.append(...[...cameras, ...more].map(({ id, name }) => h("option", { value: id }, name)));
  select.value = chosen;
}
