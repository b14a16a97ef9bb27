import { getContainerRuntimeClient } from "testcontainers";
import { mark } from "../base/index.ts";
import { keepRefused } from "./refused-addresses.ts";

/** A node of the cluster, and what can happen to its machine. */
export interface ClusterNode {
  /** Name of the Node object and of the container's host. */
  readonly name: string;
  readonly role: "server" | "agent";
  readonly containerId: string;
  /** Orderly: processes get SIGTERM and 10 s. */
  stop(): Promise<void>;
  /** Without a word, as a power cut: what it remembers of refused addresses is lost unless `keepRefused` comes first. */
  kill(): Promise<void>;
  /** Starts a stopped or killed node again, its disks as they were. */
  start(): Promise<void>;
  /** False after stop() and kill(). */
  isRunning(): Promise<boolean>;
  /** Runs a command in the node's container (not in a pod). */
  exec(command: string[]): Promise<{ output: string; exitCode: number }>;
}

export function clusterNode(name: string, role: ClusterNode["role"], containerId: string): ClusterNode {
  const container = async () => {
    const runtime = await getContainerRuntimeClient();
    return { runtime, handle: runtime.container.getById(containerId) };
  };
  const exec: ClusterNode["exec"] = async (command) => {
    const { runtime, handle } = await container();
    const { output, exitCode } = await runtime.container.exec(handle, command);
    return { output, exitCode };
  };
  return {
    name,
    role,
    containerId,
    stop: async () => {
      await keepRefused({ exec });
      mark(`node ${name} is shut down`);
      await (await container()).handle.stop({ t: 10 });
    },
    kill: async () => {
      mark(`node ${name} dies`);
      await (await container()).handle.kill();
    },
    start: async () => {
      mark(`node ${name} is switched on`);
      await (await container()).handle.start();
    },
    isRunning: async () => (await (await container()).handle.inspect()).State.Running,
    exec,
  };
}
