// All tests of the pages' code in one process; `node --test` would start one for each file, which costs seven times as much.
import { readdirSync } from "node:fs";

const HERE = new URL("./", import.meta.url);

for (const area of readdirSync(HERE, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  const folder = new URL(`${area.name}/`, HERE);
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".test.js")) await import(new URL(name, folder).href);
  }
}
