import { K3sContainer } from "@testcontainers/k3s";
import type { GenericContainer, StartedNetwork } from "testcontainers";
import { labelNames } from "../base/index.ts";
import { trustFiles } from "./base-spec.ts";
import { engineHost, publishLocally } from "./local-container.ts";
import { NetworkedContainer, onlyOn } from "./networked-container.ts";
import { everyNodeArgs, nodeEntrypoint } from "./node-args.ts";
import { nodeReady } from "./node-ready.ts";
import { refuseOutside } from "./refuse-outside.ts";

/** Ports of the gateway's Service on every node; published from the server to a free port of the host. */
export const gatewayNodePorts = { https: 30443, http: 30080 } as const;

export interface NodeContainerOptions {
  /** Image of every node: rancher/k3s or our own. */
  image: string;
  /** Id of the run: part of labels and volume names. */
  runId: string;
  network: StartedNetwork;
  /** Secret that joins the nodes. */
  token: string;
  labels: Record<string, string>;
  /** Content of /etc/rancher/k3s/registries.yaml. */
  registries: string;
  /** PEM of the CA that registries.yaml refers to (`nodeCaFile`), and that every container of every pod trusts. */
  caPem: string;
  /** Volume with the prepared containerd store, where there is one. */
  storeVolume?: string | undefined;
  /** Volume that stands for the Ceph pool: every node sees it. */
  poolVolume: string;
}

/** Where the prepared store is on a node, with a directory for each node of each run. */
export const storeDir = "/var/lib/harness";

/** Where the CSI stand-in keeps its volumes, on every node. */
export const poolDir = "/var/lib/ceph-pool";

/**
 * K3sContainer puts every node into the host's cgroup namespace and binds the host's cgroup tree; with several
 * nodes on one cgroup v1 host their kubelets then remove each other's pods. A namespace of its own avoids that.
 */
export class ServerContainer extends K3sContainer {
  constructor(options: NodeContainerOptions, command: string[]) {
    super(options.image);
    this.withNetwork(options.network);
    Object.assign(this.createOpts, onlyOn(options.network, ["server"]));
    Object.assign(this.hostConfig, { CgroupnsMode: "private" });
    configure(this, options, "server");
    this.withWaitStrategy(nodeReady("server"));
    this.withEntrypoint(nodeEntrypoint)
      .withCommand([...command, ...everyNodeArgs, "--tls-san=server"])
      .withExposedPorts(gatewayNodePorts.https, gatewayNodePorts.http);
  }

  protected override async beforeContainerCreated(): Promise<void> {
    await super.beforeContainerCreated();
    publishLocally(this.hostConfig, await engineHost());
  }
}

/** An agent; K3sContainer cannot be one, since its start() reads the server's kubeconfig. */
export class AgentContainer extends NetworkedContainer {
  constructor(options: NodeContainerOptions, name: string, command: string[]) {
    super(options.image, options.network, name);
    configure(this, options, name);
    Object.assign(this.hostConfig, { CgroupnsMode: "private" });
    this.withEntrypoint(nodeEntrypoint)
      .withCommand([...command, ...everyNodeArgs])
      .withPrivilegedMode()
      .withTmpFs({ "/run": "rw", "/var/run": "rw" })
      .withWaitStrategy(nodeReady(name));
  }
}

function configure(container: GenericContainer, options: NodeContainerOptions, name: string): void {
  const mounts = [{ source: options.poolVolume, target: poolDir, mode: "rw" as const }];
  const environment: Record<string, string> = { K3S_TOKEN: options.token };
  const labels = { ...options.labels };
  if (options.storeVolume) {
    mounts.push({ source: options.storeVolume, target: storeDir, mode: "rw" as const });
    environment.NODE_STORE = `${storeDir}/nodes/${options.runId}-${name}`;
    labels[labelNames.store] = options.storeVolume;
  }
  if (name !== "server") environment.K3S_URL = "https://server:6443";
  container
    .withHostname(name)
    .withLabels(labels)
    .withBindMounts(mounts)
    .withEnvironment(environment)
    .withCopyContentToContainer([
      { content: options.registries, target: "/etc/rancher/k3s/registries.yaml" },
      ...trustFiles(options.caPem),
      refuseOutside,
    ]);
}
