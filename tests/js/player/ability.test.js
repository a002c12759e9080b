import assert from "node:assert/strict";
import { test } from "node:test";

import { Ability } from "../../../pynvr/web/static/player/ability.js";

test("a speed that isn't held is not tried again, after a while of it", () => {
  const ability = new Ability();
  ability.note(0, 100, 16);
  ability.note(1000, 105, 16);
  assert.equal(ability.fastest, Infinity, "that was too short to tell");
  ability.note(2000, 110, 16);
  assert.equal(ability.fastest, 8);
});

test("what was measured before a change of speed or camera doesn't count", () => {
  const ability = new Ability();
  ability.note(0, 100, 16);
  ability.forget();
  ability.note(2000, 104, 16);
  assert.equal(ability.fastest, Infinity);
  ability.note(4000, 136, 16);
  assert.equal(ability.fastest, Infinity, "it holds the speed");
});
