import assert from "node:assert/strict";
import { test } from "node:test";

import { browserOf } from "../../../pynvr/web/static/account/browser.js";

test("a browser is named by what it is, not by whom it claims to be like", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36";
  assert.equal(browserOf(chrome), "Chrome on Linux");
  assert.equal(browserOf(`${chrome} Edg/130.0`), "Edge on Linux");
  const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile/15E148 Safari/604.1";
  assert.equal(browserOf(phone), "Safari on iPhone");
  assert.equal(browserOf("Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"), "Firefox on Android");
  assert.equal(browserOf("curl/7.88.1"), "curl");
  assert.equal(browserOf(""), "unknown");
  assert.equal(browserOf("something else"), "something else");
});
