import { isOfThisCache, labelNames, labelsOf } from "../base/index.ts";
import { type Docker, dockerAt } from "../engine/index.ts";

/*
 * A run that shall outlive its command is marked in the engine, where all who use that see it: labels cannot be added to
 * a container that is there already, so the mark is an empty volume with the run's labels.
 */

const keptLabels = { kept: "opencode-harness.kept", runDir: "opencode-harness.run-dir" } as const;

export interface KeptRun {
  runId: string;
  /** Where its results are; the keys to its cluster are in `access` there. */
  runDir: string;
}

export async function markKept({ runId, runDir }: KeptRun, docker: Docker = dockerAt()): Promise<void> {
  await docker.createVolume({
    Name: `opencode-harness-${runId}-kept`,
    Labels: { ...labelsOf(runId), [keptLabels.kept]: "true", [keptLabels.runDir]: runDir },
  });
}

/** The runs that `--keep` or `npm run up` left from this cache; only these are ours to remove. Oldest first. */
export async function keptRuns(docker: Docker = dockerAt()): Promise<KeptRun[]> {
  const filters = JSON.stringify({ label: [`${keptLabels.kept}=true`] });
  const volumes = (await docker.listVolumes({ filters })).Volumes ?? [];
  const marks = volumes.map(({ Labels }) => Labels ?? {}).filter(isOfThisCache);
  return marks
    .map((labels) => ({
      runId: labels[labelNames.run] ?? "",
      runDir: labels[keptLabels.runDir] ?? "",
    }))
    .sort((a, b) => (a.runId < b.runId ? -1 : 1));
}

export const isKeptMark = (labels: Record<string, string>): boolean => labels[keptLabels.kept] === "true";
