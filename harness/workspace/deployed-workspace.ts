import type { V1Container, V1Deployment, V1Pod, V1Secret, V1StatefulSet } from "@kubernetes/client-node";
import { HarnessError, mark } from "../base/index.ts";
import {
  type AnyObject,
  type Cluster,
  isReady,
  type ObjectSelection,
  stuckReason,
} from "../cluster/index.ts";
import { inContainer, inController, inValues, route as routeOf } from "../diagnosis/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";
import type { GatewayAccess } from "./gateway-request.ts";
import { defaultUserName, Workspace } from "./workspace.ts";

/** An error of OpenCode's own takes some ten lines, the first of which says it. */
const lastLines = 15;
const passwordVariable = "OPENCODE_SERVER_PASSWORD";

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
  async hostname(): Promise<string> {
    const { namespace } = this;
    const routes = await this.cluster.objects.all({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      namespace: this.facts.hosts[0]?.route.namespace ?? namespace,
    });
    const route = routes.find((candidate) => this.services.some((service) => leadsTo(candidate, service)));
    const hostname = route?.spec?.hostnames?.[0] as string | undefined;
    if (hostname) return hostname;
    throw new HarnessError(`no HTTPRoute in namespace ${namespace} leads to the Service of ${this.name}`, {
      code: "failed",
      remedy:
        "make the HTTPRoute with `route:` in the HelmRelease's values, not `ingress:` (integration gotchas; pitfall 9)",
      look: [routeOf(this.name, "rules"), inValues(this.name, "service")],
    });
  }

  async #password(): Promise<string> {
    const { namespace } = this;
    const container = this.appContainer(await this.workload());
    const variable = container.env?.find(({ name }) => name === passwordVariable);
    if (variable?.value) return variable.value;
    const reference = variable?.valueFrom?.secretKeyRef;
    const names = reference?.name
      ? [reference.name]
      : (container.envFrom ?? []).map(({ secretRef }) => secretRef?.name);
    for (const name of names) {
      if (!name) continue;
      const secret = (await this.cluster.objects.find({
        apiVersion: "v1",
        kind: "Secret",
        namespace,
        name,
      })) as V1Secret | undefined;
      const encoded = secret?.data?.[reference?.key ?? passwordVariable];
      if (encoded) return Buffer.from(encoded, "base64").toString();
    }
    throw new HarnessError(
      `the ${this.facts.workload.kind} ${this.facts.workload.name} gives its container no ${passwordVariable}`,
      {
        code: "failed",
        remedy: `take ${passwordVariable} from the workspace's Secret: without it anybody on the network has the shell (security mistakes)`,
        look: [inContainer(this.name, "app", "env", passwordVariable)],
      },
    );
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
        const stuck = pods.map(stuckReason).find((reason) => reason !== undefined);
        return stuck ? { stuck } : { waiting: pods.map(stateOf).join("; ") || "no pod" };
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
  async diagnose(): Promise<string> {
    const { namespace } = this;
    const isOurs = (name: string | undefined) => name?.startsWith(this.facts.workload.name) ?? false;
    const events = await this.cluster.objects.all({ apiVersion: "v1", kind: "Event", namespace });
    const pods = (await this.cluster.pods(namespace)).filter(({ metadata }) => isOurs(metadata?.name));
    const logs = await Promise.all(pods.flatMap((pod) => this.#lastLines(pod)));
    const told = (events as unknown as CoreEvent[])
      .filter(({ type, involvedObject }) => type !== "Normal" && isOurs(involvedObject.name))
      .map(
        ({ involvedObject, reason, message }) =>
          `${involvedObject.kind} ${involvedObject.name}: ${reason}: ${message}`,
      );
    return [...new Set(told), ...logs.filter((log) => log !== "")].join("\n");
  }

  #lastLines(pod: V1Pod): Promise<string>[] {
    const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
    return containers.map(async ({ name }) => {
      const target = { namespace: this.namespace, pod: pod.metadata?.name ?? "", container: name };
      const log =
        (await this.cluster.log(target, { tailLines: lastLines })) ||
        (await this.cluster.log(target, { previous: true, tailLines: lastLines }));
      return log.trim() && `log of ${target.pod}/${name}:\n${log.trimEnd()}`;
    });
  }
}

interface CoreEvent {
  type: string;
  reason: string;
  message: string;
  involvedObject: { kind?: string; name?: string };
}

/** The container of this name: the one that is OpenCode. */
function appContainer(workload: V1Deployment | V1StatefulSet | V1Pod, name: string): V1Container {
  const spec =
    "template" in (workload.spec ?? {})
      ? (workload as V1Deployment).spec?.template.spec
      : (workload as V1Pod).spec;
  const containers = spec?.containers ?? [];
  const app = containers.find((container) => container.name === name) ?? containers[0];
  if (!app) {
    throw new HarnessError(`${workload.metadata?.name} should have a container, and has none`, {
      code: "failed",
      remedy: "write the values as the chart's version of app-template has them (pitfall 12)",
      look: [{ kind: "HelmRelease", field: ["spec", "values", "controllers"] }],
    });
  }
  return app;
}

/** The HTTPRoute has a rule for this Service. */
export function leadsTo(route: AnyObject, service: string): boolean {
  const rules = (route.spec?.rules ?? []) as { backendRefs?: { name: string }[] }[];
  return rules.some(({ backendRefs }) => backendRefs?.some(({ name }) => name === service));
}

function stateOf(pod: V1Pod): string {
  const waiting = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
    .filter(({ state }) => state?.waiting || state?.running)
    .map(({ name, state }) => `${name} ${state?.waiting?.reason ?? "running"}`);
  const scheduled = pod.status?.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  return `${pod.metadata?.name} is ${pod.status?.phase}: ${scheduled?.message ?? waiting.join(", ")}`;
}
