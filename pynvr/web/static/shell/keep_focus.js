// @ts-check
/** Where somebody was in the list, who uses it by keyboard: it is made anew with each change. */

/** What a list is made of, each with its id. */
const CARD = "[data-id]";
const CONTROLS = "a, button, summary";

/**
 * Call what comes back when the list has been made anew: it leads to the same place, or to what took its place.
 * @param {HTMLElement} list
 * @returns {() => void}
 */
export function keepFocus(list) {
  const active = document.activeElement;
  const card = active instanceof HTMLElement && list.contains(active) ? active.closest(CARD) : null;
  if (!(card instanceof HTMLElement) || !active) return () => undefined;
  const { id } = card.dataset;
  const place = [...list.querySelectorAll(CARD)].indexOf(card);
  const control = [...card.querySelectorAll(CONTROLS)].indexOf(active);
  return () => {
    const cards = [...list.querySelectorAll(CARD)];
    const same = cards.find((one) => one instanceof HTMLElement && one.dataset["id"] === id);
    const next = same ?? cards[Math.min(place, cards.length - 1)];
    const controls = [...(next?.querySelectorAll(CONTROLS) ?? [])];
    const wanted = controls[Math.min(Math.max(control, 0), controls.length - 1)];
    if (wanted instanceof HTMLElement) wanted.focus();
  };
}
