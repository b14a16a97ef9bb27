import { HarnessError, retold, type StepSurroundings } from "../base/index.ts";
import type { AnyObject } from "../cluster/index.ts";
import { externalSecret } from "../diagnosis/index.ts";
import { type DeployedWorkspace, seconds } from "../workspace/index.ts";
import { makerOf, untilSynced } from "./external-secret.ts";
import type { SecretsStage } from "./stage.ts";

/** External Secrets and the kubelet say at once what is missing: seconds, on a busy machine some more. */
const toldWithinMs = 30_000;
/** They try again after as long as it has been missing, at most; the kubelet up to two minutes later. */
const backWithinMs = 180_000;

/** A key that Doppler has lost; disposing gives it back, too. */
export interface LostKey extends AsyncDisposable {
  key: string;
  giveBack(): Promise<void>;
}

/** Takes a key of the workspace's away from Doppler, and the Secret that was made with it, as before a first merge. */
export async function takeKeyAway(
  { doppler }: Pick<SecretsStage, "doppler">,
  workspace: DeployedWorkspace,
): Promise<LostKey> {
  const { secret, keys } = makerOf(workspace);
  const [key = ""] = keys;
  if (key === "") {
    throw new HarnessError(`no key of Doppler's is named for ${workspace.name}`, { code: "failed" });
  }
  await doppler.fault({ kind: "missing-key", key });
  const { namespace, cluster } = workspace;
  await cluster.objects.remove({ apiVersion: "v1", kind: "Secret", namespace, name: secret });
  const giveBack = () => doppler.fault();
  return { key, giveBack, [Symbol.asyncDispose]: giveBack };
}

/** The ExternalSecret names the key, and a new pod the Secret that it waits for: whoever looks, knows. */
export async function expectToldMissing(
  workspace: DeployedWorkspace,
  key: string,
  { signal, progress }: StepSurroundings,
): Promise<void> {
  const { name, secret } = makerOf(workspace);
  await untilSynced(
    workspace,
    `the ExternalSecret of ${workspace.name} says that it has failed`,
    (synced) => !synced.isReady && synced.said !== "nothing yet",
    { signal, timeoutMs: toldWithinMs },
  );
  const ofKey = await untilTold(workspace, "ExternalSecret", name, key, signal);
  await workspace.deletePod(await workspace.readyPod());
  const ofPod = await untilTold(workspace, "Pod", undefined, secret, signal);
  progress.note(`the ExternalSecret says: ${ofKey}`);
  progress.note(`the pod says: ${ofPod}`);
}

/** The first event of such an object that has this word in it. */
function untilTold(
  { cluster, namespace, name: workspace }: DeployedWorkspace,
  kind: string,
  name: string | undefined,
  word: string,
  signal: AbortSignal,
): Promise<string> {
  return cluster.wait({
    what: `an event of ${kind} ${name ?? `of ${workspace}`} names ${word}`,
    apiVersion: "v1",
    kind: "Event",
    namespace,
    timeoutMs: toldWithinMs,
    signal,
    until: (events) => {
      const found = (events as ToldEvent[]).find(
        ({ involvedObject, type, message = "" }) =>
          involvedObject?.kind === kind &&
          (name === undefined || involvedObject.name === name) &&
          type === "Warning" &&
          message.includes(word),
      );
      return found ? { ready: found.message?.split("\n")[0] ?? "" } : { waiting: "nobody does" };
    },
  });
}

interface ToldEvent extends AnyObject {
  involvedObject?: { kind?: string; name?: string };
  type?: string;
  message?: string;
}

/** With the key in Doppler again the workspace is Ready, and nobody has done anything. */
export async function expectBackByItself(
  workspace: DeployedWorkspace,
  key: string,
  { signal, progress }: StepSurroundings,
): Promise<void> {
  const startedAt = Date.now();
  const within = { signal, timeoutMs: backWithinMs };
  const synced = untilSynced(workspace, `External Secrets fetches ${key}`, ({ isReady }) => isReady, within);
  await retold(synced, {
    message: `the Secret of ${workspace.name} should come once ${key} is in Doppler, and does not`,
    remedy:
      "let External Secrets look again by itself: refreshPolicy Periodic, refreshInterval above 0 (pitfall 7)",
    look: [externalSecret(workspace.name, "refreshInterval")],
  });
  await workspace.readyPod({ timeoutMs: backWithinMs });
  progress.note(`${workspace.name} was Ready ${seconds(Date.now() - startedAt)} after ${key} came`);
}
