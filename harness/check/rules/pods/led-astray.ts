import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** Whom a workspace asks: GitHub, Copilot, OpenCode's own lists, and what its scripts name. */
const usual =
  /^(?:(?:api\.|codeload\.|gist\.|raw\.)?github\.com|\w*\.?githubusercontent\.com|(?:[\w-]+\.)*githubcopilot\.com|models\.dev|(?:api\.)?opencode\.ai)$/;
/** What its owner may well keep from being told. */
const telemetry = /(?:^|[.-])telemetry\./;
/** Names that only the house has, and its DNS may not. */
const ofHouse = /^[\w-]+$|\.(?:lan|local|localdomain|internal|intranet|home|home\.arpa)$/;
const loopback = /^(?:127\.|0\.0\.0\.0$|::1?$)/;

/** A name in /etc/hosts is asked before any DNS. */
function aliases({ facts, workload: { pod }, containers, at }: InspectedWorkspace): Fault[] {
  const named = containers.flatMap(({ program }) =>
    Object.values(program.variables).flatMap((value) => {
      const host = /^https?:\/\/([\w.-]+)/.exec(value)?.[1];
      return host === undefined || ofHouse.test(host) ? [] : host;
    }),
  );
  return (pod.hostAliases ?? []).flatMap(({ ip, hostnames = [] }) =>
    hostnames
      .filter((host) => (usual.test(host) && !telemetry.test(host)) || named.includes(host))
      .map((host) => ({
        message: `${facts.name} takes ${ip} for ${host} (hostAliases): ${loopback.test(ip) ? "nobody answers there" : "its answers come from there for as long as Git says so, whatever the DNS says"}`,
        remedy: "leave the alias out: the cluster's DNS knows the address",
        ...(loopback.test(ip) ? {} : { severity: "warning" as const }),
        ...at(key("hostAliases"), host),
      })),
  );
}

/** What Kubernetes itself calls privileged (Pod Security, baseline), beside what has rules of its own. */
function unconfined({ facts, workload: { pod }, containers, at }: InspectedWorkspace): Fault[] {
  const all = [pod.securityContext, ...containers.map(({ container }) => container.securityContext)];
  const slips = all.flatMap((context) => {
    const { seccompProfile, appArmorProfile, seLinuxOptions } = context ?? {};
    const { procMount } = (context ?? {}) as { procMount?: string };
    return [
      ...(seccompProfile?.type === "Unconfined" ? ["seccompProfile"] : []),
      ...(appArmorProfile?.type === "Unconfined" ? ["appArmorProfile"] : []),
      ...(procMount === "Unmasked" ? ["procMount"] : []),
      ...(/^(?:spc_t|unconfined_t|container_runtime_t)$/.test(seLinuxOptions?.type ?? "")
        ? ["seLinuxOptions"]
        : []),
    ];
  });
  return [...new Set(slips)].map((field) => ({
    message: `${facts.name} takes a lock of its containers away (${field}): what keeps commands of agents from their node's kernel is less`,
    remedy: field === "seccompProfile" ? "write seccompProfile.type: RuntimeDefault" : `leave ${field} out`,
    severity: "warning" as const,
    ...at(key(field)),
  }));
}

/** Where a pod's questions go, and what its commands may ask of the kernel. */
export const ledAstrayRules = [
  rule({ id: "host-alias", title: "names lead to whom they are of", find: eachWorkspace(aliases) }),
  rule({ id: "unconfined", title: "containers are confined", find: eachWorkspace(unconfined) }),
];
