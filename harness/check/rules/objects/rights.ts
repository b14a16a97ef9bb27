import type { Fault } from "../../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** Whatever an agent runs can read the token, and may with it what the ServiceAccount may. */
function accountToken({ facts, workload: { pod }, at }: InspectedWorkspace, { objects }: Inspected): Fault[] {
  const name = pod.serviceAccountName ?? "default";
  const account = objects.find("ServiceAccount", { namespace: facts.namespace, name });
  const { automountServiceAccountToken: ofAccount } = (account ?? {}) as {
    automountServiceAccountToken?: boolean;
  };
  if ((pod.automountServiceAccountToken ?? ofAccount) === false) return [];
  return [
    {
      message: `${facts.name} has the token of ServiceAccount ${name} in its pod: whatever an agent runs can ask the cluster's API with it`,
      remedy: "write automountServiceAccountToken: false",
      ...at(/automountServiceAccountToken/),
    },
  ];
}

/** A socket of the container runtime, or a directory of the node, at a path that is written to. */
function ofTheNode({ facts, workload: { pod }, containers, at }: InspectedWorkspace): Fault[] {
  const paths = (pod.volumes ?? []).flatMap(({ name, hostPath }) =>
    hostPath ? [{ name, path: hostPath.path }] : [],
  );
  const used = paths.filter(({ name }) =>
    containers.some(({ container }) => container.volumeMounts?.some((mount) => mount.name === name)),
  );
  return used.map(({ name, path }) => {
    const isSocket = /\.sock$/.test(path);
    return {
      message: `${facts.name} mounts ${path} of its node: ${isSocket ? "who speaks to it may start any container there" : "it stays there when the pod moves, and an agent reaches the node by it"}`,
      remedy: "take the volume out, or use a claim or an emptyDir",
      ...(isSocket ? {} : { severity: "warning" as const }),
      ...at(key("persistence"), key(name)),
    };
  });
}

/** By a port of the node, past the Gateway. */
function hostPorts({ facts, containers, at }: InspectedWorkspace): Fault[] {
  return containers.flatMap(({ container: { name, ports = [] } }) =>
    ports
      .filter(({ hostPort }) => hostPort !== undefined && hostPort !== 0)
      .map(({ hostPort }) => ({
        message: `container ${name} of ${facts.name} takes port ${hostPort} of its node: whoever reaches the node reaches the workspace, without TLS and beside the Gateway`,
        remedy: "leave hostPort out",
        ...at(key(name), /hostPort/),
      })),
  );
}

/** Capabilities with which a container is as good as root of the node. */
const strong = /^(ALL|SYS_ADMIN|SYS_MODULE|SYS_PTRACE|SYS_RAWIO|DAC_READ_SEARCH|BPF|NET_ADMIN)$/;

function capabilities({ facts, containers, at }: InspectedWorkspace): Fault[] {
  return containers.flatMap(({ container: { name, securityContext } }) => {
    const added = securityContext?.capabilities?.add?.filter((one) => strong.test(one)) ?? [];
    if (added.length === 0) return [];
    return {
      message: `container ${name} of ${facts.name} has ${added.join(", ")}: with it a command gets out of its container`,
      remedy: "leave capabilities.add out, and drop ALL",
      severity: "warning" as const,
      ...at(key(name), key("add")),
    };
  });
}

/** What an agent may beside its work. */
export const rightRules = [
  rule({
    id: "account-token",
    title: "no agent has a key to the cluster's API",
    severity: "warning",
    find: eachWorkspace(accountToken),
  }),
  rule({ id: "node-mounted", title: "no pod has a part of its node", find: eachWorkspace(ofTheNode) }),
  rule({
    id: "host-port",
    title: "no workspace is reached beside the Gateway",
    pitfalls: [9],
    find: eachWorkspace(hostPorts),
  }),
  rule({
    id: "strong-capabilities",
    title: "no container has rights of the node",
    find: eachWorkspace(capabilities),
  }),
];
