import { HarnessError, mark, outlastMs } from "../base/index.ts";
import type { AnyObject, Verdict } from "../cluster/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { backupFacts, replicationSource, sourceField } from "./backup-facts.ts";

/** Longest time from the request to the end of a backup of a few megabytes; about 10 s are usual. */
const takenWithinMs = 120_000;

/** So often a mover may end badly: that somebody else had a lock, or the object store no answer, passes by itself. */
const mostFailures = 2;

/**
 * Asks for a backup as the home's Taskfile does, by another tag for the manual trigger of the ReplicationSource, and waits
 * until VolSync says that it is made. Resolves to the milliseconds that it took.
 */
export async function takeBackup(workspace: DeployedWorkspace, signal: AbortSignal): Promise<number> {
  const { cluster, namespace, name } = workspace;
  const { source } = backupFacts(workspace);
  // One that is under way already would be taken for the one that is asked for.
  await follow(workspace, `no other backup of ${name} is being made`, signal, isIdle);
  const tag = `${Date.now()}`;
  const patch = JSON.stringify({ spec: { trigger: { manual: tag } } });
  mark(`a backup of ${name} is asked for`);
  const startedAt = Date.now();
  await cluster.kubectl(
    ...["--namespace", namespace, "patch", "replicationsources", source, "--type", "merge", "--patch", patch],
  );
  const result = await follow(workspace, `VolSync has backed ${name} up`, signal, isMade(tag));
  if (result.status?.latestMoverStatus?.result === "Successful") return Date.now() - startedAt;
  throw new HarnessError(`the backup of ${name} should be successful`, {
    code: "failed",
    details: JSON.stringify(result.status?.latestMoverStatus, undefined, 1),
    look: [sourceField({ source })],
  });
}

type Judge = (source: AnyObject) => Verdict<AnyObject>;

async function follow(
  workspace: DeployedWorkspace,
  what: string,
  signal: AbortSignal,
  judge: Judge,
): Promise<AnyObject> {
  const { cluster, namespace } = workspace;
  const facts = backupFacts(workspace);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const watched = { what, namespace, diagnose: () => moverLogs(workspace) };
  const waiting = cluster.wait({
    ...watched,
    ...replicationSource,
    name: facts.source,
    timeoutMs: takenWithinMs,
    signal: either,
    until: ([source]) =>
      source ? judge(source) : { waiting: `there is no ReplicationSource ${facts.source}` },
  });
  // VolSync tries again for as long as its Job does, and says only that it is at work.
  const failing = cluster.wait<never>({
    ...watched,
    apiVersion: "batch/v1",
    kind: "Job",
    name: `volsync-src-${facts.source}`,
    timeoutMs: outlastMs,
    signal: either,
    until: ([mover]) => judgeMover(mover),
  });
  const first = Promise.race([waiting, failing]).finally(() => over.abort());
  return first.catch((error: unknown) => {
    if (!(error instanceof HarnessError) || error.code !== "failed") throw error;
    const isRefused = /permission denied|could not be read/.test(error.details ?? "");
    throw new HarnessError(error.message, {
      code: "failed",
      ...(error.details ? { details: error.details } : {}),
      remedy: isRefused
        ? 'let the mover read what the workspace writes: moverSecurityContext with the user of its pod, or volsync.backube/privileged-movers: "true" at the namespace'
        : "let the ReplicationSource name the workspace's claim, a Secret with the repository's keys, and classes that are there",
      look: isRefused
        ? [sourceField(facts, "restic", "moverSecurityContext"), sourceField(facts, "restic")]
        : [sourceField(facts, "sourcePVC"), sourceField(facts, "restic")],
      cause: error,
    });
  });
}

interface Synchronizing {
  reason?: string;
  message?: string;
}

const conditionOf = ({ status }: AnyObject): Synchronizing =>
  (status?.conditions as (Synchronizing & { type: string })[] | undefined)?.find(
    ({ type }) => type === "Synchronizing",
  ) ?? {};

/** What VolSync says of a manifest, and repeats for as long as that is as it is. */
const lasting = /not found$|is missing field|must be provided|unsupported/;

export const isIdle: Judge = (source) => {
  const { reason = "nothing yet", message = "" } = conditionOf(source);
  if (reason === "Error" && lasting.test(message)) return { stuck: message };
  if (/^WaitingFor/.test(reason)) return { ready: source };
  return { waiting: `${reason}: ${message}` };
};

export const isMade =
  (tag: string): Judge =>
  (source) => {
    if (source.status?.lastManualSync === tag) return { ready: source };
    const { reason = "nothing yet", message = "" } = conditionOf(source);
    if (reason === "Error" && lasting.test(message)) return { stuck: message };
    return { waiting: `${reason}: ${message}` };
  };

/** What the Job of a mover says of its pods. */
export function judgeMover(mover: AnyObject | undefined): Verdict<never> {
  const failed = Number(mover?.status?.failed ?? 0);
  const told = `its mover has ended badly ${failed} times`;
  return failed <= mostFailures ? { waiting: told } : { stuck: told };
}

/** The last lines of the mover's pods, and why no node takes them. */
async function moverLogs(workspace: DeployedWorkspace): Promise<string> {
  const { cluster, namespace } = workspace;
  const pods = await cluster.pods(namespace, `job-name=volsync-src-${backupFacts(workspace).source}`);
  const logs = pods.map(async ({ metadata, status }) => {
    const pod = metadata?.name ?? "";
    const log = await cluster.log({ namespace, pod, container: "restic" }, { tailLines: 8 });
    const waits = status?.conditions?.find((one) => one.type === "PodScheduled" && one.status === "False");
    return `${pod} (${status?.phase}):\n${waits?.message ?? log.trimEnd()}`;
  });
  return (await Promise.all(logs)).join("\n") || "no pod of the mover is there";
}
