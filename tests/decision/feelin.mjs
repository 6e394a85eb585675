// Evaluates FEEL expressions with npm's feelin: one JSON string per input line, one JSON answer per
// output line. Started by test_feelin.py with the folder that holds node_modules as argument.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(process.argv[2] + "/x.js"));
const { evaluate } = await import(pathToFileURL(require.resolve("feelin")));
const [context, ...expressions] = readFileSync(0, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));

for (const expression of expressions) {
  let answer = null;
  try {
    const found = evaluate(expression, context);
    answer = found !== null && typeof found === "object" && "warnings" in found ? found.value : found;
  } catch {
    // feelin throws where FEEL answers null
  }
  process.stdout.write(JSON.stringify(answer ?? null) + "\n");
}
