// @ts-check
/** Downloads begun by a script. */

import { h } from "./dom.js";

/**
 * Hand a download to the browser.
 * @param {string} address
 */
export function hand(address) {
  const link = h("a", { href: address, download: true, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
}
