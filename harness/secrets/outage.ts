import { HarnessError, type StepSurroundings } from "../base/index.ts";
import type { DopplerFault } from "../internet/index.ts";
import { type DeployedWorkspace, expectPassword } from "../workspace/index.ts";
import { makerOf, type Synced, untilSynced } from "./external-secret.ts";
import { letIntervalPass } from "./interval.ts";
import type { SecretsStage } from "./stage.ts";

const toldWithinMs = 40_000;
/** External Secrets tries again after as long as Doppler was away, at most. */
const againWithinMs = 90_000;

/** Doppler is as told from now on, until this is disposed of. */
export async function befallen(
  { doppler }: Pick<SecretsStage, "doppler">,
  fault: DopplerFault,
): Promise<AsyncDisposable> {
  await doppler.fault(fault);
  return { [Symbol.asyncDispose]: () => doppler.fault() };
}

/**
 * External Secrets wants to look again meanwhile. What it fails for is told on its ExternalSecret, what is only slow it
 * fetches; the Secret that is there stays, and OpenCode answers with its password.
 */
export async function expectUnharmed(
  workspace: DeployedWorkspace,
  outcome: "told" | "fetched",
  { signal, progress }: StepSurroundings,
): Promise<void> {
  const before = await secretOf(workspace);
  const startedAt = Date.now();
  const { looksAgain } = await letIntervalPass(workspace);
  const isSeen = ({ isReady, refreshedAt }: Synced) =>
    outcome === "told" ? !isReady : isReady && refreshedAt >= startedAt - 1_000;
  const { said } = looksAgain
    ? await untilSynced(
        workspace,
        `the ExternalSecret of ${workspace.name} says ${outcome === "told" ? "that it has failed" : "that it was refreshed"}`,
        isSeen,
        { signal, timeoutMs: toldWithinMs },
      )
    : { said: "its ExternalSecret never looks again" };
  const after = await secretOf(workspace);
  if (JSON.stringify(after) !== JSON.stringify(before)) {
    throw new HarnessError(`the Secret of ${workspace.name} should stay as it was, and is another`, {
      code: "failed",
      remedy: "deletionPolicy: Retain keeps a Secret whose store does not answer",
    });
  }
  await expectPassword(workspace);
  progress.note(`${workspace.name}: ${said}`);
}

async function secretOf(workspace: DeployedWorkspace): Promise<unknown> {
  const { cluster, namespace } = workspace;
  const { secret } = makerOf(workspace);
  return (await cluster.objects.find({ apiVersion: "v1", kind: "Secret", namespace, name: secret }))?.data;
}

/** External Secrets fetches again, by itself. */
export async function untilFetchedAgain(workspace: DeployedWorkspace, signal: AbortSignal): Promise<void> {
  await untilSynced(
    workspace,
    `External Secrets fetches the secrets of ${workspace.name} again`,
    ({ isReady }) => isReady,
    {
      signal,
      timeoutMs: againWithinMs,
    },
  );
}
