import { StartedNetwork } from "testcontainers";
import type { Progress } from "../base/index.ts";
import { labelsOf, networkNameOf, poolVolumeOf } from "../base/index.ts";
import { bridgeOptions } from "../engine/index.ts";
import { requireBridgeFilter } from "./bridge-filter.ts";
import { Cluster } from "./cluster.ts";
import { containerRuntime } from "./container-runtime.ts";
import { joinToken } from "./join-token.ts";
import { engineHost } from "./local-container.ts";
import { namesOfHost } from "./names-of-host.ts";
import {
  AgentContainer,
  gatewayNodePorts,
  type NodeContainerOptions,
  ServerContainer,
} from "./node-containers.ts";
import { nodeMonitorArgs } from "./node-monitor.ts";
import { requireSharedMounts } from "./shared-mounts.ts";

export interface ClusterOptions {
  runId: string;
  progress: Progress;
  /** The network that the nodes join; the stand-ins are on it too. */
  network: StartedNetwork;
  nodeImage: string;
  /** registries.yaml: where the nodes pull images from. */
  registries: string;
  /** The CA that it refers to (`nodeCaFile`), and that all containers of all pods trust. */
  caPem: string;
  storeVolume?: string | undefined;
  /** How many agents; the workspaces run on them. */
  agents?: number;
  /** More flags for the server. */
  serverArgs?: string[];
  /** Told of each node that is being started: a clean-up after the failure of one must wait for the end of the others. */
  begin?: <T>(work: Promise<T>) => Promise<T>;
}

/** Nothing but the platform may run on the server: it must stay when agents are drained and killed. */
const controlPlaneTaint = "node-role.kubernetes.io/control-plane=true:NoSchedule";

const serverCommand = [
  "server",
  "--disable=traefik",
  "--disable=servicelb",
  "--disable=metrics-server",
  "--disable=local-storage",
  `--node-taint=${controlPlaneTaint}`,
  ...nodeMonitorArgs,
];

/**
 * A network of its own for one run; its subnet is the engine's choice, so that runs stand side by side. It is hermetic
 * downwards too: what leaves it keeps an address that nobody outside of the machine can answer.
 */
export async function startNetwork(runId: string): Promise<StartedNetwork> {
  const runtime = await containerRuntime();
  const name = networkNameOf(runId);
  const network = await runtime.network.create({
    Name: name,
    Driver: "bridge",
    Options: { ...bridgeOptions(), "com.docker.network.bridge.enable_ip_masquerade": "false" },
    Labels: labelsOf(runId),
  });
  return new StartedNetwork(runtime, name, network);
}

/**
 * Starts the server and the agents side by side; returns when every node is Ready. What it started is found by
 * the run's labels and removed by `removeRun`.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { runId, network, progress, storeVolume } = options;
  const poolVolume = poolVolumeOf(runId);
  const labels = labelsOf(runId);
  const { dockerode } = (await containerRuntime()).container;
  await dockerode.createVolume({ Name: poolVolume, Labels: labels });
  const common: NodeContainerOptions = {
    image: options.nodeImage,
    runId,
    network,
    token: joinToken(),
    labels,
    registries: options.registries,
    caPem: options.caPem,
    storeVolume,
    poolVolume,
  };
  const { dnsNames, ips } = namesOfHost(await engineHost());
  const names = [...dnsNames, ...ips].map((name) => `--tls-san=${name}`);
  const agentNames = Array.from({ length: options.agents ?? 2 }, (_, index) => `agent-${index + 1}`);
  const { begin = (work) => work } = options;
  const [server, ...agents] = await Promise.all([
    begin(
      progress.task("node server", () =>
        new ServerContainer(common, [...serverCommand, ...names, ...(options.serverArgs ?? [])]).start(),
      ),
    ),
    ...agentNames.map((name) =>
      begin(progress.task(`node ${name}`, () => new AgentContainer(common, name, ["agent"]).start())),
    ),
  ]);
  const cluster = new Cluster({
    kubeconfig: server.getKubeConfig(),
    nodes: [
      { name: "server", role: "server", containerId: server.getId() },
      ...agents.map((agent, index) => ({
        name: agentNames[index] as string,
        role: "agent" as const,
        containerId: agent.getId(),
      })),
    ],
    gateway: {
      host: server.getHost(),
      httpsPort: server.getMappedPort(gatewayNodePorts.https),
      httpPort: server.getMappedPort(gatewayNodePorts.http),
    },
  });
  await Promise.all([requireBridgeFilter(cluster.server), ...cluster.nodes.map(requireSharedMounts)]);
  return cluster;
}
