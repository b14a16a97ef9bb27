import type { V1Container, V1Deployment, V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { HarnessError, mark } from "../base/index.ts";
import {
  type Cluster,
  containerStatuses,
  isReady,
  type ObjectSelection,
  stuckAmong,
} from "../cluster/index.ts";
import { inController, route as routeOf } from "../diagnosis/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";
import { appContainer } from "./app-container.ts";
import type { GatewayAccess } from "./gateway-request.ts";
import { saidOf } from "./said-of-workspace.ts";
import { hostnameOf } from "./served-host.ts";
import { serverPassword } from "./server-password.ts";
import { defaultUserName, Workspace } from "./workspace.ts";

/**
 * A workspace as its operator sees it: its workload, its pod and its volumes. Its names are those that Flux and Helm make
 * of the tree; what is true of them is read from the cluster.
 */
export class DeployedWorkspace {
  readonly facts: WorkspaceFacts;
  readonly cluster: Cluster;
  readonly #gateway: GatewayAccess;

  constructor(facts: WorkspaceFacts, cluster: Cluster, gateway: GatewayAccess) {
    this.facts = facts;
    this.cluster = cluster;
    this.#gateway = gateway;
  }

  get name(): string {
    return this.facts.name;
  }

  get namespace(): string {
    return this.facts.namespace;
  }

  /** The same workspace through the gateway, with the password that its workload gets; without one where the tree has none. */
  async user(): Promise<Workspace> {
    if (!this.facts.password) return this.stranger();
    const [hostname, password] = await Promise.all([this.hostname(), this.#password()]);
    return new Workspace({ name: this.name, hostname, userName: this.#userName, password }, this.#gateway);
  }

  /** The same workspace for somebody who has no password, also where its Deployment gets none. */
  async stranger(): Promise<Workspace> {
    const hostname = await this.hostname();
    return new Workspace(
      { name: this.name, hostname, userName: this.#userName, password: "" },
      this.#gateway,
    );
  }

  get #userName(): string {
    return this.facts.password?.userName ?? defaultUserName;
  }

  /** The Gateway that serves its host, and the listener that its route names. */
  get gateway(): { namespace: string; name: string; sectionName?: string | undefined } {
    const found = this.facts.hosts[0]?.gateways[0];
    if (found) return found;
    throw new HarnessError(`no Gateway serves ${this.name}`, {
      code: "failed",
      remedy: "name a Gateway in the parentRefs of its HTTPRoute (pitfall 9)",
      look: [routeOf(this.name, "parentRefs")],
    });
  }

  /** Names of the Services that select its pods; the first is the one that its hosts lead to. */
  get services(): string[] {
    return this.facts.services.map(({ name }) => name);
  }

  /** Host name of the HTTPRoute that leads to the workspace's Service. */
  hostname(): Promise<string> {
    return hostnameOf(this.facts, this.cluster);
  }

  async #password(): Promise<string> {
    return serverPassword(this.facts, this.appContainer(await this.workload()), this.cluster);
  }

  /** Its Deployment or StatefulSet. */
  async workload(): Promise<V1Deployment | V1StatefulSet> {
    const { namespace } = this;
    const { kind, name } = this.facts.workload;
    const found = await this.cluster.objects.find({ apiVersion: "apps/v1", kind, namespace, name });
    if (found) return found as V1Deployment;
    throw new HarnessError(`there should be a ${kind} ${namespace}/${name}, and there is none`, {
      code: "failed",
      remedy:
        "name the HelmRelease and its controller after the workspace, and install it into its namespace (pitfall 5)",
      look: [{ kind: "HelmRelease", name: this.name, field: ["metadata"] }, inController(this.name)],
    });
  }

  /** Waits until the one pod of the workspace is Ready; with `otherThan`, a pod with another uid than that. */
  async readyPod(
    options: { otherThan?: string | undefined; timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<V1Pod> {
    const { otherThan, timeoutMs = 120_000, signal } = options;
    return this.cluster.wait({
      what: `${otherThan ? "a new" : "the"} pod of ${this.name} is Ready`,
      ...(await this.podSelection()),
      timeoutMs,
      signal,
      until: (objects) => {
        const pods = (objects as V1Pod[]).filter(({ metadata }) => metadata?.uid !== otherThan);
        const ready = pods.find(isReady);
        if (ready) return { ready };
        return stuckAmong(pods) ?? { waiting: pods.map(stateOf).join("; ") || "no pod" };
      },
      diagnose: () => this.diagnose(),
    });
  }

  /** The container that is OpenCode, of its workload or one of its pods. */
  appContainer(of: V1Deployment | V1StatefulSet | V1Pod): V1Container {
    return appContainer(of, this.facts.container);
  }

  /** Deletes a pod as `kubectl delete pod` does; with 0 seconds, as `--force --grace-period=0`. */
  async deletePod(pod: V1Pod, gracePeriodSeconds?: number): Promise<void> {
    mark(`the pod of ${this.name} is deleted`);
    await this.cluster.objects.remove({
      apiVersion: "v1",
      kind: "Pod",
      namespace: this.namespace,
      name: pod.metadata?.name ?? "",
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    });
  }

  /** `kubectl rollout restart` of the workload. */
  async rolloutRestart(): Promise<void> {
    mark(`${this.name} is restarted`);
    const { kind, name } = this.facts.workload;
    const target = `${kind.toLowerCase()}/${name}`;
    await this.cluster.kubectl("rollout", "restart", target, "--namespace", this.namespace);
  }

  /** The workspace's pods as they are, Ready or not. */
  async pods(): Promise<V1Pod[]> {
    return this.cluster.pods(this.namespace, await this.#selector());
  }

  /** Selects the workspace's pods in a wait. */
  async podSelection(): Promise<ObjectSelection> {
    return {
      apiVersion: "v1",
      kind: "Pod",
      namespace: this.namespace,
      labelSelector: await this.#selector(),
    };
  }

  async #selector(): Promise<string> {
    const labels = (await this.workload()).spec?.selector.matchLabels ?? {};
    return Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(",");
  }

  /** Events of the workspace's objects and the last lines of every container of its pods. */
  diagnose(): Promise<string> {
    return saidOf(this.facts, this.cluster);
  }
}

function stateOf(pod: V1Pod): string {
  const waiting = containerStatuses(pod)
    .filter(({ state }) => state?.waiting || state?.running)
    .map(({ name, state }) => `${name} ${state?.waiting?.reason ?? "running"}`);
  const scheduled = pod.status?.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  return `${pod.metadata?.name} is ${pod.status?.phase}: ${scheduled?.message ?? waiting.join(", ")}`;
}
