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
  const found = [
    ...(await endedContainers(cluster, used, since, lostAnswer.test(`${error.message}\n${error.details}`))),
    ...(isOnTheWay(error)
      ? await troublesOnTheWay(
          cluster.objects,
          used.map(({ facts }) => facts),
        )
      : []),
  ].filter((cause) => !isNamed(cause, error));
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
  mayStillBeTold: boolean,
): Promise<Cause[]> {
  const endedIn = (namespace: string, pods: readonly V1Pod[]) =>
    workspaces
      .filter((one) => one.namespace === namespace)
      .flatMap(({ facts: { selector } }) => endedSince(pods.filter(isSelectedBy(selector)), since))
      .map(({ message, pod }) => ({ message, words: [pod] }));
  const namespaces = [...new Set(workspaces.map(({ namespace }) => namespace))];
  const told = await Promise.all(
    namespaces.map(async (namespace) => endedIn(namespace, await cluster.pods(namespace))),
  );
  if (told.flat().length > 0 || !mayStillBeTold) return told.flat();
  const toBeTold = namespaces.map((namespace) =>
    cluster.wait({
      what: `what became of the containers of ${namespace} is told`,
      apiVersion: "v1",
      kind: "Pod",
      namespace,
      timeoutMs: toldWithinMs,
      until: (pods) => {
        const ended = endedIn(namespace, pods as V1Pod[]);
        return ended.length > 0 ? { ready: ended } : { waiting: "none has ended" };
      },
    }),
  );
  return Promise.any(toBeTold).catch(() => []);
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
  // That a container ended says by itself only how: what to do about the failure may be known better.
  const isTold = first.remedy !== undefined || tellsWhy.test(first.message);
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
