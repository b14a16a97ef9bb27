import { posix } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import type { DeployedWorkspace } from "./deployed-workspace.ts";

/**
 * Where OpenCode's container has the sessions: what OPENCODE_DB names, from the data directory where that is relative, as
 * OpenCode reads it. Undefined without the variable: OpenCode gives the file a name of its own choice in the data directory.
 *
 * @param data the data directory, as the container sees it
 */
export function databasePath(workspace: DeployedWorkspace, pod: V1Pod, data: string): string | undefined {
  const { env = [] } = workspace.appContainer(pod);
  const { value = "" } = env.findLast(({ name }) => name === "OPENCODE_DB") ?? {};
  const path = value.replaceAll(/\$\((\w+)\)/g, (asItIs, variable: string) => {
    return env.findLast(({ name }) => name === variable)?.value ?? asItIs;
  });
  return path === "" ? undefined : posix.resolve(data, path);
}
