import { HarnessError, type Progress } from "../base/index.ts";
import type { Checked, Rooms } from "./rooms.ts";
import type { WorldChoices } from "./world-run.ts";

interface Checking {
  rooms: Pick<Rooms, "check">;
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Stops before a cluster is started on what cannot work in one, and returns what else it has to say; nothing where it is not
 * wanted. It looks at the tree as it stands on disk: what a mutant breaks is for the cluster to show.
 *
 * @throws HarnessError `failed` with a paragraph for each of them
 */
export async function checkFirst(
  { rooms, progress, signal }: Checking,
  { manifests, outside, check = true }: Pick<WorldChoices, "manifests" | "outside" | "check">,
): Promise<Checked | undefined> {
  if (!check) return undefined;
  const checked = await progress.task("check", () => rooms.check({ manifests, outside, signal }));
  const { blockers: found, places } = checked;
  if (found.length === 0) return checked;
  throw new HarnessError(
    `${found.length === 1 ? "one thing" : `${found.length} things`} in these manifests cannot work, so they were not tried`,
    {
      code: "failed",
      remedy: "mend what stands below, or give --no-check to start a cluster all the same",
      // Where each has a place, that says what is wrong there.
      ...(places.length < found.length ? { details: found.join("\n\n") } : { found: places }),
    },
  );
}
