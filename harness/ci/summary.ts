import { z } from "zod";
import { exitCodes } from "../base/index.ts";
import { writeLanesReport } from "../report/index.ts";
import { haveAllPassed, renderLanes } from "./lane-summary.ts";
import { readLanes } from "./read-lanes.ts";

/**
 * `node harness/ci/summary.ts DIR '["name", …]'`: writes the table of the lanes below DIR as Markdown, and the same as a
 * page, DIR/report.html. A lane that is named and left no result is in it too. Ends with 0 if every lane passed, else
 * with 1.
 */
const [dir = "results/lanes", names = "[]"] = process.argv.slice(2);
const lanes = await readLanes(dir, z.array(z.string()).parse(JSON.parse(names || "[]")));
process.stdout.write(renderLanes(lanes));
await writeLanesReport(dir, lanes);
process.exitCode = haveAllPassed(lanes) ? 0 : exitCodes.failed;
