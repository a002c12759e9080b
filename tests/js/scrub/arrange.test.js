import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange } from "../../../pynvr/web/static/scrub/arrange.js";

const BAR = 22;
const SCREENS = [
  [1584, 540],
  [1264, 400],
  [1904, 800],
  [390, 430],
  [768, 800],
  [2500, 900],
];

test("everything fits, and the chosen picture is the largest", () => {
  for (const [width, height] of SCREENS) {
    for (let count = 2; count <= 16; count += 1) {
      const gap = 8;
      const { stacked, main, others } = arrange({ width, height, count, gap, bar: BAR });
      const rows = Math.ceil((count - 1) / others.columns);
      const name = `${count} in ${width} × ${height}`;
      const wide = stacked
        ? Math.max(main.width, others.columns * (others.width + gap) - gap)
        : main.width + others.columns * (others.width + gap);
      const high = rows * (others.height + gap) - gap;
      assert.ok(wide <= width, `${name}: ${wide} wide`);
      assert.ok(stacked || Math.max(high, main.height) <= height, `${name}: ${high} high`);
      assert.ok(main.width > others.width, name);
      assert.ok(others.width >= 24, `${name}: ${others.width}`);
      assert.ok(Math.abs((others.height - BAR) * (16 / 9) - others.width) < 2, `${name}: a whole picture above its bar`);
      if (!stacked) assert.ok(Math.abs((main.height - BAR) * (16 / 9) - main.width) < 2, `${name}: as the large one`);
    }
  }
});

test("a place that is higher than wide has them under each other", () => {
  assert.equal(arrange({ width: 390, height: 430, count: 4, gap: 4, bar: BAR }).stacked, true);
  assert.equal(arrange({ width: 1584, height: 540, count: 4, gap: 8, bar: BAR }).stacked, false);
});

test("a single picture takes what its shape lets it take", () => {
  assert.deepEqual(arrange({ width: 1600, height: 450 + BAR, count: 1, gap: 8, bar: BAR }), {
    stacked: false,
    main: { width: 800, height: 450 + BAR },
    others: null,
  });
});
