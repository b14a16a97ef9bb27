import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import { objectStoreHost } from "../base/index.ts";

/** The stand-ins that this room starts. */
export type StandInName = "github" | "doppler" | "copilot" | "dns-recorder" | "npm";

/** The production names that each stand-in answers for; its certificate covers them. */
export const namesOf: Record<StandInName, string[]> = {
  github: ["github.com"],
  doppler: ["api.doppler.com"],
  copilot: ["api.githubcopilot.com"],
  "dns-recorder": ["api.cloudflare.com"],
  npm: ["registry.npmjs.org"],
};

/** The production name of the mirror registry, where Flux and the nodes pull charts and images. */
export const registryNames = ["ghcr.io"];

/** The production name of the house's object store, where backups go. */
export const objectStoreNames = [objectStoreHost];

/** Name of the mirror on the cluster's network, as the nodes call it. */
export const mirrorHost = "mirror";

/** All names that are answered for here. */
export const internetNames = [
  ...Object.values(namesOf).flat(),
  ...registryNames,
  ...objectStoreNames,
  mirrorHost,
];

/** Every production name and the address that answers for it inside the cluster. */
export function productionNames(
  addresses: Record<StandInName | "registry" | "object-store", string>,
): Record<string, string> {
  const all = { ...namesOf, registry: registryNames, "object-store": objectStoreNames };
  const pairs = Object.entries(all).flatMap(([target, names]) =>
    names.map((name) => [name, addresses[target as keyof typeof all]] as const),
  );
  return Object.fromEntries(pairs);
}

export interface ConfigMap {
  apiVersion: "v1";
  kind: "ConfigMap";
  metadata: { name: string; namespace: string };
  data: Record<string, string>;
}

/**
 * The whole internet as a root zone: `names` have their address, all the rest of the world is NXDOMAIN.
 *
 * Why a zone file: k3s imports `*.override` into its one server block, which has a `hosts` already (two are
 * refused) and may have its `forward` before the import. CoreDNS runs `file` after kubernetes and NodeHosts and
 * before `forward` in whatever order they stand, so cluster names stay and no query leaves the machine.
 * Queries for our names are logged, and of the others those that failed; `parseEgress` reads both.
 */
export function coreDnsCustom(names: Record<string, string>): ConfigMap {
  const override = [
    `log ${Object.keys(names).join(" ")}`,
    "log . {",
    "  class denial error",
    "}",
    "file /etc/coredns/custom/internet.zone .",
  ];
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "coredns-custom", namespace: "kube-system" },
    data: { "internet.override": `${override.join("\n")}\n`, "internet.zone": rootZone(names) },
  };
}

/** CoreDNS takes a changed zone only with a changed serial, so that is made from the content. */
function rootZone(names: Record<string, string>): string {
  const records = Object.entries(names).map(([name, ip]) => `${name}. IN ${isIPv6(ip) ? "AAAA" : "A"} ${ip}`);
  const serial = createHash("sha256").update(records.join()).digest().readUInt32BE();
  const head = [
    "$TTL 60",
    `. IN SOA internet.invalid. nobody.invalid. ${serial} 3600 600 86400 5`,
    ". IN NS internet.invalid.",
  ];
  return `${[...head, ...records].join("\n")}\n`;
}
