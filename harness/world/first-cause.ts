import type { V1Pod } from "@kubernetes/client-node";
import { HarnessError, type ManifestPlace } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { explained, workspaceIn } from "../diagnosis/index.ts";
import { isOnTheWay, troublesOnTheWay } from "../gateway/index.ts";
import { type DeployedWorkspace, endedSince } from "../workspace/index.ts";

/** What was found wrong with what a step used; without a remedy it is one that Kubernetes' words lead to. */
interface Cause {
  message: string;
  words: string[];
  remedy?: string;
  look?: ManifestPlace[];
}

/**
 * A failure that says what came of it, with the first cause in front: a container of the workspace that ended meanwhile, or
 * what stands in its way. `since` is when the step began, in milliseconds since 1970. A failure that names its cause already,
 * or for which none is found, is returned as it is.
 */
export async function withFirstCause(
  error: unknown,
  {
    cluster,
    workspaces,
    since,
  }: { cluster: Cluster; workspaces: readonly DeployedWorkspace[]; since: number },
): Promise<unknown> {
  if (!(error instanceof HarnessError) || error.code !== "failed") return error;
  const about = workspaceIn(error.message);
  const used = workspaces.filter(({ name }) => about === undefined || name === about);
  const facts = used.map((one) => one.facts);
  const [ended, onTheWay] = await Promise.all([
    endedContainers(cluster, used, since),
    isOnTheWay(error) ? troublesOnTheWay(cluster.objects, facts) : [],
  ]);
  const seen = [...ended, ...onTheWay].filter((cause) => !isNamed(cause, error));
  const isLost = seen.length === 0 && lostAnswer.test(error.message);
  const found = isLost ? await soonEnded(cluster, used, since) : seen;
  const [first] = found;
  return first ? inFront(first, error, found) : error;
}

/** What is said, by the harness and by a gateway, of an answer that broke off or that nobody was there to give. */
const lostAnswer =
  /answered 50[234]|disconnect|connection (termination|refused|reset|closed)|ECONNRE|EPIPE|socket hang up|is not whole|was cut|closed|broke off/i;

/** A kubelet looks at its containers each second, and tells a little later that one has ended: an answer is lost before. */
const toldWithinMs = 6_000;

async function endedContainers(
  cluster: Cluster,
  workspaces: readonly DeployedWorkspace[],
  since: number,
): Promise<Cause[]> {
  const told = namespacesOf(workspaces).map(async (namespace) =>
    endedAmong(workspaces, await cluster.pods(namespace), { namespace, since }),
  );
  return (await Promise.all(told)).flat();
}

/** The same as soon as the kubelet tells it; none where it tells nothing in time. */
async function soonEnded(
  cluster: Cluster,
  workspaces: readonly DeployedWorkspace[],
  since: number,
): Promise<Cause[]> {
  const over = new AbortController();
  const toBeTold = namespacesOf(workspaces).map((namespace) =>
    cluster.wait({
      what: `what became of the containers of ${namespace} is told`,
      apiVersion: "v1",
      kind: "Pod",
      namespace,
      timeoutMs: toldWithinMs,
      signal: over.signal,
      until: (pods) => {
        const ended = endedAmong(workspaces, pods as V1Pod[], { namespace, since });
        return ended.length > 0 ? { ready: ended } : { waiting: "none has ended" };
      },
    }),
  );
  const found = await Promise.any(toBeTold).catch(() => []);
  over.abort();
  return found;
}

const namespacesOf = (workspaces: readonly DeployedWorkspace[]): string[] => [
  ...new Set(workspaces.map(({ namespace }) => namespace)),
];

function endedAmong(
  workspaces: readonly DeployedWorkspace[],
  pods: readonly V1Pod[],
  { namespace, since }: { namespace: string; since: number },
): Cause[] {
  return workspaces
    .filter((one) => one.namespace === namespace)
    .flatMap(({ facts: { selector } }) => endedSince(pods.filter(isSelectedBy(selector)), since))
    .map(({ message, pod }) => ({ message, words: [pod] }));
}

const isSelectedBy =
  (selector: Record<string, string>) =>
  ({ metadata }: V1Pod): boolean =>
    Object.entries(selector).every(([key, value]) => metadata?.labels?.[key] === value);

const isNamed = ({ message, words }: Cause, error: HarnessError) =>
  [message, ...words].some((one) => error.message.includes(one));

const tellsWhy = /\(OOMKilled|was evicted/;

function inFront(first: Cause, error: HarnessError, found: readonly Cause[]): unknown {
  const { message, cause, details } = error;
  const beside = found.slice(1).map((one) => one.message);
  const all = [
    ...(beside.length > 0 ? [`Also seen:\n${beside.join("\n")}`] : []),
    ...(details ? [details] : []),
  ];
  const known: Pick<HarnessError, "remedy" | "look"> = explained(
    new HarnessError(first.message, { code: "failed" }),
  ) as HarnessError;
  // That a container ended says by itself only how: what to do about the failure may be known better, but not where that is an
  // answer that was lost with it.
  const isLost = known.remedy !== undefined && lostAnswer.test(message);
  const isTold = first.remedy !== undefined || tellsWhy.test(first.message) || isLost;
  const [better, other] = isTold ? [{ ...known, ...first }, error] : [error, known];
  const remedy = better.remedy ?? other.remedy;
  const look = better.look ?? other.look;
  return new HarnessError(`${first.message}; so: ${message}`, {
    code: "failed",
    cause,
    ...(remedy === undefined ? {} : { remedy }),
    ...(look === undefined ? {} : { look }),
    ...(all.length === 0 ? {} : { details: all.join("\n") }),
  });
}
