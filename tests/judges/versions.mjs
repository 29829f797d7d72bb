// The versions of the packages named, as they are installed.
import { readFileSync } from "node:fs";
for (const name of process.argv.slice(2)) {
  const path = new URL(`node_modules/${name}/package.json`, import.meta.url);
  console.log(JSON.parse(readFileSync(path, "utf8")).version);
}
