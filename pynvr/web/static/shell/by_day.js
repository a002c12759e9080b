// @ts-check
/** A list of moments in the days that they belong to. Pure. */

/**
 * Items by their day, in the order in which they come.
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => string} dayOf
 * @returns {{day: string, items: Item[]}[]}
 */
export function byDay(items, dayOf) {
  /** @type {{day: string, items: Item[]}[]} */
  const days = [];
  for (const item of items) {
    const day = dayOf(item);
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, items: [item] });
  }
  return days;
}
