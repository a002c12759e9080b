import assert from "node:assert/strict";
import { test } from "node:test";

import { PAGES, pagesFor } from "../../../pynvr/web/static/shell/site_nav.js";

test("who isn't admin gets no page for admins, and one page alone isn't hidden", () => {
  const pages = pagesFor(false);
  assert.deepEqual(
    pages.filter(({ admin }) => admin),
    [],
  );
  assert.equal(pages.find(({ id }) => id === "system")?.place, "wide");
  assert.equal(pages.filter(({ place }) => place === "menu").length, 0);
});

test("an admin gets all pages, in the order of the table", () => {
  assert.deepEqual(pagesFor(true), PAGES);
});
