// @ts-check
/** The menu behind the user's name: account, colours, log out. */

import { isQuiet, setQuiet } from "./alerts.js";
import { api } from "./api.js";
import { h } from "./dom.js";
import { toast } from "./toast.js";

const KEY = "pynvr.theme";
const THEMES = [
  { id: "dark", title: "Dark" },
  { id: "light", title: "Light" },
  { id: "system", title: "As the system" },
];

/** @param {{ name: string, role: string }} me */
export function userMenu(me) {
  const buttons = THEMES.map(({ id, title }) =>
    h("button", { class: "button compact", type: "button", "data-theme-choice": id, onclick: () => choose(id) }, title),
  );
  const news = h(
    "button",
    { class: "button plain", type: "button", role: "switch", "aria-checked": String(!isQuiet()), onclick: switchNews },
    "Show alerts as they come",
  );
  const menu = h(
    "details",
    { class: "menu user-menu" },
    h("summary", { class: "button plain", "aria-label": `Menu of ${me.name || "the user"}` }, me.name || "…", " ▾"),
    h(
      "div",
      { class: "menu-body" },
      h("p", { class: "menu-title" }, me.role === "admin" ? "may change everything" : "may watch"),
      h("a", { class: "button plain", href: "/account" }, "Account"),
      h("div", { class: "button-group", role: "group", "aria-label": "Colours" }, ...buttons),
      news,
      h("button", { class: "button plain", type: "button", onclick: () => void logOut() }, "Log out"),
    ),
  );
  closesByItself(menu);
  mark();
  return menu;

  /** @param {string} theme */
  function choose(theme) {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      toast("This browser keeps no choice of colours.", { tone: "alert" });
    }
    // theme.js listens for it, as for a choice in another tab.
    dispatchEvent(new StorageEvent("storage", { key: KEY }));
    mark();
  }

  function switchNews() {
    if (!setQuiet(!isQuiet())) toast("This browser keeps no choice about alerts.", { tone: "alert" });
    news.setAttribute("aria-checked", String(!isQuiet()));
  }

  function mark() {
    let chosen = "dark";
    try {
      chosen = localStorage.getItem(KEY) ?? chosen;
    } catch {
      // As above.
    }
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  }
}

async function logOut() {
  try {
    await api.post("/api/logout");
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), { tone: "alert" });
    return;
  }
  location.assign("/login");
}

/**
 * A menu closes with Escape, and when a person goes on elsewhere.
 * @param {HTMLDetailsElement} menu
 */
export function closesByItself(menu) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
    event.stopPropagation();
  });
  document.addEventListener("pointerdown", (event) => {
    if (menu.open && !menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  menu.addEventListener("focusout", (event) => {
    const to = /** @type {Node | null} */ (event.relatedTarget);
    if (to !== null && !menu.contains(to)) menu.open = false;
  });
}
