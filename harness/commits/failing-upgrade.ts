import { HarnessError } from "../base/index.ts";
import type { AnyObject, Verdict } from "../cluster/index.ts";
import type { Tree } from "../gitops/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { addPostRenderer, patchRelease, retagged } from "./release-patch.ts";

const helmRelease = { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease" };
/** A version that nobody has published, as a slip of the finger or a bot's proposal names it. */
const notPublished = "0.0.0-never-published";
/** In place of Helm's five minutes: nobody waits for what never comes. */
const givenUpAfter = "8s";
/** Helm's waiting, the way back with OpenCode's own start, and a margin for a busy machine. */
const rolledBackWithinMs = 120_000;

/** A commit that names another OpenCode, which is never Ready: there is no such image. Helm gives it up after some seconds. */
export function neverReady(facts: WorkspaceFacts, tree: Tree): void {
  patchRelease(facts, tree, { upgrade: { timeout: givenUpAfter } });
  addPostRenderer(facts, tree, { kustomize: { images: retagged(facts, notPublished) } });
}

/** Waits until Helm has given the upgrade up. Returns its words. */
export function untilGivenUp(workspace: DeployedWorkspace, signal: AbortSignal): Promise<string> {
  return waitForRelease(workspace, "the upgrade is given up", signal, (object) => {
    const released = condition(object, "Released");
    return released?.reason === "UpgradeFailed"
      ? { ready: released.message ?? "" }
      : { waiting: released?.message ?? "nothing is said" };
  });
}

/**
 * Waits until what ran before is back: Flux has rolled the release back.
 * @throws HarnessError `failed` where Flux uninstalls instead, or leaves the failed upgrade as it is.
 */
export async function untilRolledBack(workspace: DeployedWorkspace, signal: AbortSignal): Promise<string> {
  const said = await waitForRelease(workspace, "the failed upgrade is rolled back", signal, (object) => {
    const remedied = condition(object, "Remediated");
    if (remedied?.status === "True") return { ready: `${remedied.reason}: ${remedied.message}` };
    const stalled = condition(object, "Stalled");
    if (stalled?.status === "True") return { ready: `${stalled.reason}: ${stalled.message}` };
    return { waiting: remedied?.message ?? "nothing is done about it" };
  });
  if (said.startsWith("RollbackSucceeded")) return said;
  throw new HarnessError(
    `the upgrade of ${workspace.name} that is never Ready should be rolled back, and is not: ${said}`,
    {
      code: "failed",
      remedy:
        "upgrade.remediation with retries and strategy: rollback in the HelmRelease: uninstall takes the claim of a release with it",
      look: [{ kind: "HelmRelease", name: workspace.facts.release?.name ?? "", field: ["spec", "upgrade"] }],
    },
  );
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

function condition(object: AnyObject, type: string): Condition | undefined {
  return (object.status?.conditions as Condition[] | undefined)?.find((one) => one.type === type);
}

function waitForRelease<T>(
  { cluster, name, facts }: DeployedWorkspace,
  what: string,
  signal: AbortSignal,
  until: (object: AnyObject) => Verdict<T>,
): Promise<T> {
  return cluster.wait({
    ...helmRelease,
    namespace: facts.release?.namespace ?? "",
    name: facts.release?.name ?? name,
    what: `${what}: HelmRelease ${name}`,
    timeoutMs: rolledBackWithinMs,
    signal,
    until: ([object]) => (object ? until(object) : { waiting: "it is not there" }),
  });
}
