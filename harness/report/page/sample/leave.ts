import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { toJson } from "../../run-directory.ts";
import { coverage } from "./coverage.ts";
import { egress, fidelity, home } from "./ledgers.ts";
import { sampleResult } from "./result.ts";
import { timelineOf } from "./timeline.ts";
import { usageOf } from "./usage.ts";

/*
 * A run as it leaves its directory, made up: for the tests of the page, and to look at it while it is worked on. Its
 * figures are of the size that real runs have; its texts are those of the scenarios, in part.
 */

/** Leaves a run in the directory, as the commands do. */
export async function leaveSampleRun(directory: string, result = sampleResult()): Promise<void> {
  const startedAt = "2026-11-21T12:03:04.100Z";
  const write = (name: string, value: unknown) => writeFile(join(directory, name), toJson(value));
  const evidence = join(directory, "evidence", "drain");
  await mkdir(evidence, { recursive: true });
  await Promise.all([
    write("result.json", result),
    write("timeline.json", timelineOf(startedAt)),
    write("fidelity.json", fidelity),
    write("egress.json", egress),
    write("home.json", home),
    write("coverage.json", coverage),
    write("usage.json", usageOf(Date.parse(startedAt))),
    writeFile(
      join(evidence, "events.txt"),
      "2026-11-21T12:07:01.000Z Normal Pod opencode/opencode-flux-6d5f7c9b4-q8x2m Scheduled: assigned\n2026-11-21T12:07:02.000Z Warning Pod opencode/opencode-flux-6d5f7c9b4-q8x2m FailedScheduling: 0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector\n",
    ),
    writeFile(join(evidence, "pod.yaml"), "---\nkind: Pod\n"),
    writeFile(
      join(evidence, "opencode-opencode-flux-6d5f7c9b4-x2x4z-app.log"),
      "opencode server listening\n",
    ),
  ]);
}
