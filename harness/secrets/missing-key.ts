import { retold, type StepSurroundings } from "../base/index.ts";
import type { AnyObject } from "../cluster/index.ts";
import { externalSecret } from "../diagnosis/index.ts";
import { type DeployedWorkspace, seconds } from "../workspace/index.ts";
import { type AskedKey, keysAskedBy } from "./asked-keys.ts";
import { makerOf, type Synced, untilSynced } from "./external-secret.ts";
import { letIntervalPass } from "./interval.ts";
import type { SecretsStage } from "./stage.ts";

/** External Secrets and the kubelet say at once what is missing: seconds, on a busy machine some more. */
const toldWithinMs = 30_000;
/** They try again after as long as it has been missing, at most; the kubelet up to two minutes later. */
const backWithinMs = 180_000;

/** A key that Doppler has lost; disposing gives it back, too. */
export interface LostKey extends AsyncDisposable {
  key: string;
  /** Whether the ExternalSecret asks for it by its name, and so misses it. */
  isNamed: boolean;
  /** Words of which a pod that lacks it says one: the Secret's name, and the names that the key has there. */
  inPod: string[];
  giveBack(): Promise<void>;
}

/** Takes a key of the workspace's away from Doppler, and the Secret that was made with it, as before a first merge. */
export async function takeKeyAway(
  stage: Pick<SecretsStage, "doppler" | "secrets">,
  workspace: DeployedWorkspace,
): Promise<LostKey> {
  const { doppler } = stage;
  const { secret } = makerOf(workspace);
  const asked = await keysAskedBy(workspace, await stage.secrets());
  const { key, isNamed, names } = mostMissed(workspace, secret, asked);
  await doppler.fault({ kind: "missing-key", key });
  const { namespace, cluster } = workspace;
  await cluster.objects.remove({ apiVersion: "v1", kind: "Secret", namespace, name: secret });
  const giveBack = () => doppler.fault();
  return { key, isNamed, inPod: [secret, ...names], giveBack, [Symbol.asyncDispose]: giveBack };
}

/** One that is named, and so missed at once; else what a container cannot do without: the password, or what it names. */
function mostMissed(
  { facts }: DeployedWorkspace,
  secret: string,
  asked: [AskedKey, ...AskedKey[]],
): AskedKey {
  const sources = [facts.password?.source, ...facts.held].filter((source) => source?.secret === secret);
  const needed = sources.flatMap((source) => asked.filter(({ names }) => names.includes(source?.key ?? "")));
  return asked.find(({ isNamed }) => isNamed) ?? needed[0] ?? asked[0];
}

/**
 * The ExternalSecret names the key, and a new pod the Secret that it waits for: whoever looks, knows. What was only found
 * with others nobody but the pod can miss.
 */
export async function expectToldMissing(
  workspace: DeployedWorkspace,
  { key, isNamed, inPod }: Pick<LostKey, "key" | "isNamed" | "inPod">,
  { signal, progress }: StepSurroundings,
): Promise<void> {
  if (isNamed) progress.note(`the ExternalSecret says: ${await toldByMaker(workspace, key, signal)}`);
  await workspace.deletePod(await workspace.readyPod());
  const told = untilTold(workspace, { kind: "Pod" }, inPod, signal);
  const said = isNamed ? told : retold(told, foundOnly(workspace, key));
  progress.note(`the pod says: ${await said}`);
}

async function toldByMaker(workspace: DeployedWorkspace, key: string, signal: AbortSignal): Promise<string> {
  const { name } = makerOf(workspace);
  await untilSynced(
    workspace,
    `the ExternalSecret of ${workspace.name} says that it has failed`,
    (synced) => !synced.isReady && synced.said !== "nothing yet",
    { signal, timeoutMs: toldWithinMs },
  );
  return untilTold(workspace, { kind: "ExternalSecret", name }, [key], signal);
}

const foundOnly = ({ name }: DeployedWorkspace, key: string) => ({
  message: `nobody says that ${key} is missing in Doppler: the ExternalSecret of ${name} takes what it finds`,
  remedy: "name the key under data: External Secrets then says what it lacks (pitfall 7)",
  look: [externalSecret(name, "dataFrom")],
});

/** The first event of such an object that has one of these words in it. */
function untilTold(
  { cluster, namespace, name: workspace }: DeployedWorkspace,
  { kind, name }: { kind: string; name?: string },
  words: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  return cluster.wait({
    what: `an event of ${kind} ${name ?? `of ${workspace}`} names ${words.join(" or ")}`,
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
          words.some((word) => message.includes(word)),
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

/**
 * With the key in Doppler again the workspace is Ready, and nobody has done anything. Where it was only found nothing has
 * failed that would be tried again: it comes with the interval.
 */
export async function expectBackByItself(
  workspace: DeployedWorkspace,
  { key, isNamed }: Pick<LostKey, "key" | "isNamed">,
  { signal, progress }: StepSurroundings,
): Promise<void> {
  const startedAt = Date.now();
  if (!isNamed) await letIntervalPass(workspace);
  const within = { signal, timeoutMs: backWithinMs };
  const isBack = ({ isReady, refreshedAt }: Synced) =>
    isReady && (isNamed || refreshedAt >= startedAt - 1_000);
  await retold(untilSynced(workspace, `External Secrets fetches ${key}`, isBack, within), {
    message: `the Secret of ${workspace.name} should come once ${key} is in Doppler, and does not`,
    remedy:
      "let External Secrets look again by itself: refreshPolicy Periodic, refreshInterval above 0 (pitfall 7)",
    look: [externalSecret(workspace.name, "refreshInterval")],
  });
  await workspace.readyPod({ timeoutMs: backWithinMs });
  progress.note(`${workspace.name} was Ready ${seconds(Date.now() - startedAt)} after ${key} came`);
}
