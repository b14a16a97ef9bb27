import { KubeConfig, type V1Pod } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import { type ClusterNode, clusterNode } from "./node.ts";
import { type AnyObject, ObjectClient } from "./object-client.ts";
import { type ExecResult, execInPod, type PodContainer, podLog } from "./pods.ts";
import { type Wait, waitFor } from "./wait.ts";

/** All that another process needs to use a running cluster; the kubeconfig is its only secret. */
export interface ClusterDescriptor {
  kubeconfig: string;
  nodes: { name: string; role: ClusterNode["role"]; containerId: string }[];
  /** Where the gateway's HTTPS and HTTP ports are reached from this machine. */
  gateway: { host: string; httpsPort: number; httpPort: number };
}

/** A running cluster: its objects, its pods, its nodes. Who started it disposes of it; see start-cluster.ts. */
export class Cluster {
  readonly descriptor: ClusterDescriptor;
  readonly config: KubeConfig;
  readonly objects: ObjectClient;
  readonly nodes: readonly ClusterNode[];

  constructor(descriptor: ClusterDescriptor) {
    this.descriptor = descriptor;
    this.config = new KubeConfig();
    this.config.loadFromString(descriptor.kubeconfig);
    this.objects = ObjectClient.makeApiClient(this.config);
    this.nodes = descriptor.nodes.map(({ name, role, containerId }) => clusterNode(name, role, containerId));
  }

  get server(): ClusterNode {
    const server = this.nodes.find(({ role }) => role === "server");
    if (!server) throw new HarnessError("the cluster has no server node", { code: "environment" });
    return server;
  }

  node(name: string): ClusterNode {
    const node = this.nodes.find((candidate) => candidate.name === name);
    if (!node) throw new HarnessError(`the cluster has no node ${name}`, { code: "failed" });
    return node;
  }

  /** Waits on a watch; see waitFor. */
  wait<T>(wait: Wait<T>): Promise<T> {
    return waitFor(this.config, this.objects, wait);
  }

  /** Applies all objects side by side (server-side apply). */
  async apply(objects: AnyObject[]): Promise<void> {
    await Promise.all(objects.map((object) => this.objects.apply(object)));
  }

  /** Creates all objects side by side; what is there already is applied. */
  async create(objects: AnyObject[]): Promise<void> {
    await Promise.all(objects.map((object) => this.objects.createOrApply(object)));
  }

  pods(namespace: string, labelSelector?: string): Promise<V1Pod[]> {
    return this.objects.all({
      apiVersion: "v1",
      kind: "Pod",
      namespace,
      ...(labelSelector ? { labelSelector } : {}),
    }) as Promise<V1Pod[]>;
  }

  /** Runs a command in a container of a pod. */
  exec(target: PodContainer, command: string[], stdin?: string): Promise<ExecResult> {
    return execInPod(this.config, target, command, stdin);
  }

  log(target: PodContainer, options?: { previous?: boolean; tailLines?: number }): Promise<string> {
    return podLog(this.config, target, options);
  }

  /**
   * kubectl as the cluster's own node has it, for the cases in which a person's own habit is proved
   * (`kubectl rollout restart`, `kubectl drain`). Throws with its output when it fails.
   */
  async kubectl(...args: string[]): Promise<string> {
    const { output, exitCode } = await this.server.exec(["kubectl", ...args]);
    if (exitCode !== 0) {
      throw new HarnessError(`kubectl ${args.join(" ")} ended with exit code ${exitCode}`, {
        code: "failed",
        details: output,
      });
    }
    return output;
  }
}
