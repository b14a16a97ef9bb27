import { HarnessError, mark } from "../base/index.ts";
import type { AnyObject, Cluster, Verdict } from "../cluster/index.ts";
import { fluxKustomization } from "../diagnosis/index.ts";
import { type FluxName, suspendKustomization } from "../gitops/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

const kustomization = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" };
const appliedBy = "kustomize.toolkit.fluxcd.io/name";
const appliedFrom = "kustomize.toolkit.fluxcd.io/namespace";
/** Flux looks at a dependency once a second here. */
const saidWithinMs = 30_000;

/** Parts of the home that a workspace stands on and that are not there yet. Disposing brings those that still lack. */
export class LateParts implements AsyncDisposable {
  readonly #cluster: Cluster;
  #late: FluxName[];

  private constructor(cluster: Cluster, late: FluxName[]) {
    this.#cluster = cluster;
    this.#late = late;
  }

  /**
   * Takes away what the workspaces wait for: the Flux Kustomization of each secret store that they use, with the store, and
   * what their own Kustomizations name in `dependsOn` in the tree as it was before any edit. Nobody of the workspaces may
   * run.
   */
  static async takeAway(cluster: Cluster, workspaces: readonly DeployedWorkspace[]): Promise<LateParts> {
    const stores = await storesOf(cluster, workspaces);
    const named = workspaces.flatMap(({ facts }) => facts.dependsOn);
    const owners = stores.map(ownerOf).filter((owner) => owner !== undefined);
    const late = uniqueNames([...owners, ...named]).filter((one) => !isOne(one, workspaces));
    const parts = new LateParts(cluster, late);
    mark(`${told(late)} are not there yet`);
    await Promise.all(late.map((one) => suspendKustomization(cluster, one, true)));
    await Promise.all(
      stores.map(({ apiVersion = "", kind = "", metadata }) =>
        cluster.objects.remove({ apiVersion, kind, name: metadata?.name ?? "" }),
      ),
    );
    return parts;
  }

  /**
   * Brings the parts one after the other. As long as one lacks, the workspace's Kustomization says that it waits for it, and
   * applies nothing. Returns what it said.
   */
  async bringOneByOne(workspaces: readonly DeployedWorkspace[], signal: AbortSignal): Promise<string[]> {
    const said: string[] = [];
    while (this.#late.length > 0) {
      const waiting = await Promise.all(workspaces.map((one) => this.#untilWaiting(one, signal)));
      said.push(...waiting.map(({ words }) => words));
      const [{ part } = { part: this.#late[0] as FluxName }] = waiting;
      await this.#bring(part);
    }
    return said;
  }

  async #bring(part: FluxName): Promise<void> {
    mark(`${part.name} comes`);
    await suspendKustomization(this.#cluster, part, false);
    this.#late = this.#late.filter((one) => one !== part);
  }

  /** Flux names the first dependency that is not ready. */
  async #untilWaiting(workspace: DeployedWorkspace, signal: AbortSignal) {
    const { name, facts } = workspace;
    const waiting = await this.#cluster.wait({
      ...kustomization,
      ...facts.kustomization,
      what: `Kustomization ${facts.kustomization.name} waits for ${told(this.#late)}`,
      timeoutMs: saidWithinMs,
      signal,
      until: ([object]) => waitsFor(object, this.#late),
    });
    if (waiting !== "nobody") return waiting;
    throw new HarnessError(
      `${name} should wait for ${told(this.#late)}, and is applied before they are there`,
      {
        code: "failed",
        remedy:
          "name in dependsOn of its ks.yaml the Flux Kustomizations that bring stores and storage (pitfall 5)",
        look: [fluxKustomization(name, "dependsOn")],
      },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#late.map((part) => this.#bring(part)));
  }
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

type Waiting = { part: FluxName; words: string } | "nobody";

/** For which of the late parts this Kustomization says that it waits; `nobody` when it has gone on without. */
export function waitsFor(object: AnyObject | undefined, late: readonly FluxName[]): Verdict<Waiting> {
  if (!object) return { waiting: "it is not there" };
  const conditions = (object.status?.conditions ?? []) as Condition[];
  const { status, reason, message = "" } = conditions.find(({ type }) => type === "Ready") ?? {};
  if (reason === "DependencyNotReady") {
    const part = late.find(({ namespace, name }) => message.includes(`'${namespace}/${name}'`));
    return part ? { ready: { part, words: message } } : { waiting: message };
  }
  const hasGoneOn = status === "True" || object.status?.inventory !== undefined;
  return hasGoneOn ? { ready: "nobody" } : { waiting: message || "it says nothing" };
}

/** The cluster-wide stores that the workspaces' ExternalSecrets name. */
async function storesOf(cluster: Cluster, workspaces: readonly DeployedWorkspace[]): Promise<AnyObject[]> {
  const names = workspaces
    .flatMap(({ facts }) => facts.externalSecrets.map(({ store }) => store))
    .filter(({ kind }) => kind === "ClusterSecretStore")
    .map(({ name }) => name);
  const found = await Promise.all(
    [...new Set(names)].map(async (name) => {
      const kind = { apiVersion: "external-secrets.io/v1", kind: "ClusterSecretStore" };
      const store = await cluster.objects.find({ ...kind, name });
      return store ? [{ ...store, ...kind }] : [];
    }),
  );
  return found.flat();
}

/** The Flux Kustomization that brings it. */
function ownerOf({ metadata }: AnyObject): FluxName | undefined {
  const { [appliedBy]: name, [appliedFrom]: namespace } = metadata?.labels ?? {};
  return name && namespace ? { namespace, name } : undefined;
}

function uniqueNames(names: readonly FluxName[]): FluxName[] {
  return [...new Map(names.map((one) => [`${one.namespace}/${one.name}`, one])).values()];
}

function isOne({ namespace, name }: FluxName, workspaces: readonly DeployedWorkspace[]): boolean {
  return workspaces.some(
    ({ facts: { kustomization: own } }) => own.name === name && own.namespace === namespace,
  );
}

function told(names: readonly FluxName[]): string {
  return names.map(({ name }) => name).join(", ");
}
