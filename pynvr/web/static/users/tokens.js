// @ts-check
/** The tokens of programs. */

import { api } from "../shell/api.js";
import { h } from "../shell/dom.js";
import { sureButton } from "../shell/sure.js";
import { formatMoment } from "../shell/time.js";

/**
 * @param {{ name: string, role: string, made: number }[]} tokens items of /api/tokens
 * @param {import("../shell/shell.js").Shell} shell
 * @param {() => Promise<void>} changed shows the list anew
 */
export function tokenTable(tokens, shell, changed) {
  const heads = ["Program", "Role", "Since"].map((title) => h("th", { scope: "col" }, title));
  const last = h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Change"));
  return h(
    "div",
    { class: "table-scroll" },
    h("table", { class: "table folds" }, h("caption", { class: "visually-hidden" }, "Tokens"), h("thead", {}, h("tr", {}, ...heads, last)), h("tbody", {}, ...tokens.map(row))),
  );

  /** @param {{ name: string, role: string, made: number }} token */
  function row(token) {
    const end = sureButton({
      label: "End",
      name: `End the token of ${token.name}`,
      question: `${token.name} gets in no more?`,
      yes: "End it",
      run: async () => {
        await api.delete(`/api/tokens/${encodeURIComponent(token.name)}`);
        await changed();
      },
    });
    return h(
      "tr",
      { "data-token": token.name },
      h("th", { scope: "row" }, token.name),
      h("td", { "data-label": "Role" }, token.role === "admin" ? "Admin" : "Viewer"),
      h("td", { "data-label": "Since" }, formatMoment(token.made, shell.timezone, shell.now())),
      h("td", { class: "actions" }, end),
    );
  }
}
