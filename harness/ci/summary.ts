import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { exitCodes } from "../base/index.ts";
import { writeLanesReport } from "../report/index.ts";
import { giveToGitHub } from "./give.ts";
import { haveAllPassed, renderHead, renderLanes } from "./lane-summary.ts";
import { inArtifacts, inOneDirectory, readLanes } from "./read-lanes.ts";

/**
 * `node harness/ci/summary.ts DIR '["name", …]' [--artifacts] [--lanes STATE] [--check STATE]`: writes the summary of the lanes below DIR as
 * Markdown, and as a page, DIR/report.html; on GitHub also as the job's summary, and its head as the output `comment`. A lane that is named and left no
 * result is in it too. `--artifacts`: DIR has a folder for each lane's artifact; STATE: what GitHub says of all lanes, and of the check before them.
 * Ends with 0 if every lane passed, else with 1.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    artifacts: { type: "boolean", default: false },
    lanes: { type: "string" },
    check: { type: "string" },
  },
});
const [dir = "results/lanes", names = "[]"] = positionals;
const layout = values.artifacts ? inArtifacts : inOneDirectory;
const lanes = await readLanes(dir, z.array(z.string()).parse(JSON.parse(names || "[]")), layout);
const text = renderLanes(lanes, values);
process.stdout.write(text);
await writeLanesReport(
  dir,
  lanes.map((lane) => ({ ...lane, folder: dirname(layout(lane.name)) })),
);

await giveToGitHub({ summary: text, comment: renderHead(lanes, values) });
process.exitCode = haveAllPassed(lanes, values) ? 0 : exitCodes.failed;
