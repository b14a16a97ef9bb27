import { existsSync } from "node:fs";
import { HarnessError } from "../base/index.ts";

/** A checkout in which one thing is left out that only k3s, or a machine with a registry, needs. */
export interface Omission {
  name: string;
  /** What is left out, and what comes of it. */
  title: string;
  edits: Edit[];
  /** What is run, as arguments of `harness/cli.ts`. */
  command: string[];
  /** What it must say when it fails. */
  says: RegExp;
  /** Why this machine cannot tell, where it cannot. */
  whyNot?: () => string | undefined;
}

/** `from` must stand in the file of the checkout. */
export interface Edit {
  file: string;
  from: string;
  to: string;
}

const run = (scenario: string) => ["scenario", scenario, "--images", "registry", "--keep", "never"];
const nodeArgs = "harness/cluster/node-args.ts";
const leftOut = (file: string, from: string): Edit => ({ file, from, to: "" });
const release = (workspace: string) => `manifests/kubernetes/apps/opencode/${workspace}/app/helmrelease.yaml`;

/** Each mend for k3s and registries, left out; each must fail with its own message. */
export const omissions: Omission[] = [
  {
    name: "private-mounts",
    title: "the node's mounts stay private: no storage driver could start",
    edits: [{ file: nodeArgs, from: "mount --make-rshared / && exec", to: "exec" }],
    command: run("persistence"),
    says: /the mounts of node \S+ are private/,
  },
  {
    name: "cgroup-v1",
    title: "the kubelet refuses control groups v1",
    edits: [leftOut(nodeArgs, '  "--kubelet-arg=fail-cgroupv1=false",\n')],
    command: run("persistence"),
    says: /did not become Ready[\s\S]*cgroup v1/,
    whyNot: () =>
      existsSync("/sys/fs/cgroup/cgroup.controllers") ? "this machine has control groups v2" : undefined,
  },
  {
    name: "eviction",
    title: "the kubelet evicts on a full disk",
    edits: [
      leftOut(
        nodeArgs,
        '  "--kubelet-arg=eviction-hard=imagefs.available<0%,nodefs.available<0%,imagefs.inodesFree<0%,nodefs.inodesFree<0%",\n',
      ),
    ],
    command: run("persistence"),
    says: /disk-pressure|DiskPressure/,
  },
  {
    name: "open-registries",
    title: "a node asks the internet for what the mirror lacks",
    edits: [
      leftOut(nodeArgs, '  "--disable-default-registry-endpoint",\n'),
      ...["opencode-flux", "opencode-ha"].map((workspace) => ({
        file: release(workspace),
        from: "tag: 1.18.34",
        to: "tag: 0.0.0",
      })),
    ],
    command: run("persistence"),
    says: /lookup ghcr\.io|dial tcp/,
  },
  {
    name: "late-add-ons",
    title: "CoreDNS is not waited for",
    edits: [leftOut("harness/world/assemble-world.ts", "  await untilCoreDnsIsThere(cluster, signal);\n")],
    command: run("persistence"),
    says: /deployments.*coredns.*not found/,
  },
  {
    name: "gnu-grep",
    title: "a node is asked in GNU's words",
    edits: [{ file: "harness/volumes/mounted-volume.ts", from: "grep -H .", to: "grep --with-filename ." }],
    command: run("crash"),
    says: /is mounted on no node/,
  },
];

/** Those with these names; all of them if there is no name, none for `none`. */
export function omissionsOf(names: readonly string[]): Omission[] {
  if (names.length === 0) return omissions;
  const unknown = names.find((name) => name !== "none" && !omissions.some((one) => one.name === name));
  if (unknown === undefined) return omissions.filter(({ name }) => names.includes(name));
  const known = omissions.map(({ name }) => name).join(", ");
  throw new HarnessError(`there is nothing called ${unknown} to be left out`, {
    code: "usage",
    remedy: `There are ${known}, and none.`,
  });
}
