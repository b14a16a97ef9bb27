import { parseArgs } from "node:util";
import { comparisonSchema } from "../report/index.ts";
import { renderDifference } from "./difference-text.ts";
import { giveToGitHub } from "./give.ts";
import { readStored } from "./read-stored.ts";

/**
 * `node harness/ci/difference.ts DIR [--ended STATE] [--touched '["name", …]']`: writes what DIR/compare.json says as Markdown;
 * on GitHub also as the job's summary, and as the output `comment`. STATE: what GitHub says of the job that has compared; the
 * names: of the scenarios that it was to run.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { ended: { type: "string", default: "success" }, touched: { type: "string", default: "" } },
});
const [dir = "results/compare"] = positionals;
const comparison = await readStored(dir, "compare.json", comparisonSchema);
const text = renderDifference(comparison, values);
process.stdout.write(text);
await giveToGitHub({ summary: text, comment: text });
