// All tests of the pages' code in one process; `node --test` would start one for each file, which costs seven times as much.
import { readdirSync } from "node:fs";

const HERE = new URL("./", import.meta.url);

const found = readdirSync(HERE, { recursive: true }).filter((name) => String(name).endsWith(".test.js"));
if (found.length === 0) throw new Error(`no tests below ${HERE.pathname}`);
for (const name of found) await import(new URL(String(name), HERE).href);
