import type { EngineFacts } from "./engine-facts.ts";

/** Why the harness cannot run, and what to do. */
export interface Unfit {
  found: string;
  remedy: string;
}

const elsewhere =
  "run it on Linux x86-64: the workflow in .github/ does on a runner of GitHub's, a virtual machine or another computer does too";

/** The programs that npm brings (Node, kubectl, helm) and the stand-ins' image are for one kind of machine. */
export function unfitMachine(platform: NodeJS.Platform, architecture: string): Unfit | undefined {
  if (platform === "linux" && architecture === "x64") return undefined;
  return {
    found: `this is ${platform} on ${architecture}, and kubectl, helm and the images that the harness makes itself are for Linux on x86-64`,
    remedy: elsewhere,
  };
}

/** What no setting can mend; an engine that only lacks something fails where it is needed. */
export function unfitEngine({ kind, architecture, isRootless }: EngineFacts): Unfit | undefined {
  if (architecture !== "x86_64" && architecture !== "amd64") {
    return {
      found: `${kind} runs on ${architecture}, and the images that the harness makes itself are for x86-64`,
      remedy: elsewhere,
    };
  }
  if (!isRootless) return undefined;
  return {
    found: `${kind} is rootless: its containers get no loop devices, and may not mount what a node has to`,
    remedy:
      "use an engine that runs as root: docker context use default, or DOCKER_HOST=unix:///var/run/docker.sock",
  };
}
