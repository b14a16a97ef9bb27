import { HarnessError } from "../base/index.ts";
import type { ClusterNode } from "./node.ts";

/** Throws where what a storage driver mounts on a node would be seen by nobody: it could not even start. */
export async function requireSharedMounts({ name, exec }: Pick<ClusterNode, "name" | "exec">): Promise<void> {
  const { output } = await exec(["cat", "/proc/1/mountinfo"]);
  const root = output.split("\n").find((line) => line.split(" ")[4] === "/") ?? "";
  if (/ shared:\d+ /.test(root)) return;
  throw new HarnessError(`the mounts of node ${name} are private: no storage driver could start there`, {
    code: "environment",
    details: root,
    remedy:
      "the node's entrypoint (harness/cluster/node-args.ts) shares them: see why it did not, with docker inspect and docker logs of the node",
  });
}
