// @ts-check
/** The site's colours and type as a canvas can use them. */

/** @typedef {Record<keyof typeof TOKENS, string> & {family: string}} Palette */

/** Custom properties of site.css, and what stands for them on a page that has none. */
const TOKENS = {
  bg: "#0c0f13",
  surface: "#14191f",
  "surface-2": "#1c232b",
  line: "#2a333d",
  "line-strong": "#66727f",
  text: "#e8edf2",
  muted: "#9ca8b4",
  accent: "#58b4ff",
  "on-accent": "#04131f",
  activity: "#f0a63c",
  alert: "#ff7676",
  kept: "#62d48c",
  recorded: "#1f4866",
  gap: "#07090b",
};

/**
 * The colours as they are now; read again after `themechange`.
 * @param {HTMLElement} element anywhere in the page
 * @returns {Palette}
 */
export function readPalette(element) {
  // A property's text may be anything CSS can compute; a canvas wants the result.
  const probe = document.createElement("span");
  probe.hidden = true;
  (element.parentElement ?? document.body).append(probe);
  const style = getComputedStyle(probe);
  /** @type {Record<string, string>} */
  const found = {};
  for (const [name, otherwise] of Object.entries(TOKENS)) {
    probe.style.color = `var(--${name}, ${otherwise})`;
    found[name] = style.color;
  }
  probe.remove();
  return /** @type {Palette} */ ({ ...found, family: getComputedStyle(element).fontFamily || "sans-serif" });
}
