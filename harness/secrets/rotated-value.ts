import { retold, type StepSurroundings } from "../base/index.ts";
import { externalSecret, inController } from "../diagnosis/index.ts";
import { type DeployedWorkspace, expectPassword, seconds } from "../workspace/index.ts";
import { isNever, letIntervalPass } from "./interval.ts";
import { ownKeys } from "./own-keys.ts";
import { Restarts } from "./restarts.ts";
import { nextValues, untilSecretsHold } from "./rotation.ts";
import type { SecretsStage } from "./stage.ts";

/** Reloader hears of a change at once, and replaces the pod within a second. */
const restartBeginsWithinMs = 30_000;
const restartWithinMs = 90_000;

/** The keys of one workspace get other values in Doppler, and its interval passes. */
async function rotateValuesOf(
  stage: SecretsStage,
  workspace: DeployedWorkspace,
  { signal, progress }: StepSurroundings,
): Promise<void> {
  const generations = await stage.secrets();
  const keys = await ownKeys(stage, workspace, generations);
  const next = Object.entries(await nextValues(stage.doppler, generations));
  const values = Object.fromEntries(next.filter(([key]) => keys.includes(key)));
  await stage.doppler.setSecrets(values);
  const startedAt = Date.now();
  const { interval } = await letIntervalPass(workspace);
  const told = isNever(interval) ? `${interval}: never` : interval;
  await retold(untilSecretsHold([workspace], values, signal), {
    message: `External Secrets should bring new values of ${workspace.name} within its interval (${told}), and does not`,
    remedy:
      "refreshInterval above 0, and no refreshPolicy but Periodic: else a new token never reaches the workspace (pitfall 11)",
    look: [
      externalSecret(workspace.name, "refreshInterval"),
      ...(isNever(interval) ? [] : [externalSecret(workspace.name, "refreshPolicy")]),
    ],
  });
  progress.note(
    `${workspace.name}: ${Object.keys(values).length} values came ${seconds(Date.now() - startedAt)} after its interval of ${interval} was over`,
  );
}

/**
 * Its values rotate, and Reloader restarts it: OpenCode then takes the password of the Secret as it is now, and no other.
 * Every other workspace goes on as it was.
 */
export async function expectRotated(
  stage: SecretsStage,
  workspace: DeployedWorkspace,
  context: StepSurroundings,
): Promise<void> {
  const restarts = await Restarts.since(stage.workspaces);
  const { uid: old, name } = (await workspace.readyPod()).metadata ?? {};
  await rotateValuesOf(stage, workspace, context);
  const replaced = untilReplaced(workspace, old, context.signal).catch(async (error: unknown) => {
    // Whoever comes next finds a workspace that takes the password of its Secret.
    const { cluster, namespace } = workspace;
    await cluster.objects.remove({ apiVersion: "v1", kind: "Pod", namespace, name: name ?? "" });
    throw error;
  });
  await retold(replaced, {
    message: `Reloader should restart ${workspace.name}, whose Secret has changed, and does not`,
    remedy:
      'annotate the workload itself with reloader.stakater.com/auto: "true": in the chart under controllers.<name>.annotations (pitfall 11)',
    look: [inController(workspace.name, "annotations")],
  });
  await workspace.readyPod({ otherThan: old, timeoutMs: restartWithinMs });
  await expectPassword(workspace);
  for (const one of stage.workspaces) {
    const why = `when the Secret of ${workspace.name} changes`;
    await restarts.expect(one, one === workspace ? 1 : 0, why);
  }
}

/** Until the pod of this uid goes, or another one has come beside it. */
async function untilReplaced(
  workspace: DeployedWorkspace,
  uid: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  await workspace.cluster.wait({
    what: `the pod of ${workspace.name} is replaced`,
    ...(await workspace.podSelection()),
    timeoutMs: restartBeginsWithinMs,
    signal,
    until: (pods) => {
      const [one, another] = pods.filter(({ metadata }) => !metadata?.deletionTimestamp);
      const stays = one?.metadata?.uid === uid && another === undefined;
      return stays ? { waiting: `pod ${one?.metadata?.name} stays` } : { ready: true };
    },
  });
}
