import { HarnessError, type Progress } from "../base/index.ts";
import type { Rooms } from "./rooms.ts";
import type { WorldChoices } from "./world-run.ts";

interface Checking {
  rooms: Pick<Rooms, "findBlockers">;
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Stops before a cluster is started on what cannot work in one. It looks at the tree as it stands on disk: what a mutant
 * breaks is for the cluster to show.
 *
 * @throws HarnessError `failed` with a paragraph for each of them
 */
export async function checkFirst(
  { rooms, progress, signal }: Checking,
  { manifests, outside, check = true }: Pick<WorldChoices, "manifests" | "outside" | "check">,
): Promise<void> {
  if (!check) return;
  const found = await progress.task("check", () => rooms.findBlockers({ manifests, outside, signal }));
  if (found.length === 0) return;
  throw new HarnessError(
    `${found.length === 1 ? "one thing" : `${found.length} things`} in these manifests cannot work, so they were not tried`,
    {
      code: "failed",
      remedy: "mend what stands below, or give --no-check to start a cluster all the same",
      details: found.join("\n\n"),
    },
  );
}
