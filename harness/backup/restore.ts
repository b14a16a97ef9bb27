import { currentTask, type StepSurroundings } from "../base/index.ts";
import type { CommandDocument, OperatorShell } from "../operator/index.ts";
import { type DeployedWorkspace, seconds } from "../workspace/index.ts";
import { backupFacts, replicationSource } from "./backup-facts.ts";
import type { Listing } from "./listing.ts";
import type { LostVolume } from "./lost-volume.ts";

/** Longest time from the document's first command until the workspace is Ready; about 45 s are usual. */
const restoredWithinMs = 240_000;

/**
 * Carries the document out; returns when the workspace is Ready again. Fails as soon as its new pod cannot start, whatever
 * the commands still wait for. Notes how long it took, and how old the state is that has come back.
 */
export async function restoreBy(
  document: CommandDocument,
  shell: OperatorShell,
  { workspace, podUid, at }: LostVolume,
  { backup, signal, progress }: StepSurroundings & { backup: Listing },
): Promise<void> {
  const { name } = workspace;
  const startedAt = Date.now();
  const over = new AbortController();
  const context = { signal: AbortSignal.any([signal, over.signal]), progress };
  const chosen = { heading: "the workspace that is lost", line: 1, command: `WORKSPACE=${name}` };
  const carriedOut = shell.carryOut(document.path, [chosen, ...document.blocks], context);
  const ready = workspace.readyPod({
    otherThan: podUid,
    timeoutMs: restoredWithinMs,
    signal: context.signal,
  });
  try {
    await Promise.all([carriedOut, ready]);
  } finally {
    over.abort();
    await Promise.allSettled([carriedOut, ready]);
  }
  const tookMs = Date.now() - startedAt;
  currentTask().record({
    what: "division",
    title: `${name} comes back from its backup`,
    startedAt: at,
    parts: [
      { part: "lost", ms: startedAt - at },
      { part: "restored", ms: tookMs },
    ],
  });
  progress.note(
    `${name} is Ready ${seconds(tookMs)} after the document's first command, as it was ${seconds(at - backup.at)} before its volume was lost (restic's backup ${backup.id}, ${backup.files.size} files and directories)`,
  );
  progress.note(`${name} is backed up by its ${await triggerOf(workspace)} now`);
}

/** A manual trigger stands above the schedule for as long as it is there. */
async function triggerOf(workspace: DeployedWorkspace): Promise<"schedule" | "manual trigger"> {
  const { source: name } = backupFacts(workspace);
  const { cluster, namespace } = workspace;
  const source = await cluster.objects.find({ ...replicationSource, namespace, name });
  return source?.spec?.trigger?.manual ? "manual trigger" : "schedule";
}
