// @ts-check
/** Elements made in one expression. Text is always text: nothing here takes HTML. */

/**
 * An element with attributes and content. `on*` attributes are listeners (`onclick`), `class` and the like are set as
 * attributes, booleans are present or absent, undefined and null are left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | number | null | undefined | false)} content
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...kept(content));
  return element;
}

/** @param {(Node | string | number | null | undefined | false)[]} content */
function kept(content) {
  return content
    .filter((item) => item !== null && item !== undefined && item !== false)
    .map((item) => (item instanceof Node ? item : String(item)));
}

/**
 * Put this in place of what is inside.
 * @param {Element} parent
 * @param {...(Node | string | number | null | undefined | false)} content
 */
export function fill(parent, ...content) {
  parent.replaceChildren(...kept(content));
}

/**
 * The element with this id, which the page's HTML has.
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} id
 * @param {new () => Kind} [kind] such as HTMLFormElement
 * @returns {Kind}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (element === null || (kind && !(element instanceof kind))) throw new Error(`the page has no such #${id}`);
  return /** @type {Kind} */ (element);
}
