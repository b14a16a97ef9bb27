import { type Authority, type KeyPair, newAuthority } from "../base/index.ts";
import { type Home, objectsOf } from "../home/index.ts";
import { internetNames } from "../internet/index.ts";
import { controlPlaneNames } from "../platform/index.ts";

/** Who vouches for whom in a run. */
export interface WorldAuthority {
  authority: Authority;
  /** What stands in the cluster: for the home's own domains only. */
  issuer: KeyPair;
}

/** A new authority for one run: for the production names that it answers for, its own names, and the home's domains. */
export async function worldAuthority(domains: readonly string[]): Promise<WorldAuthority> {
  const dnsNames = [...internetNames, ...controlPlaneNames, ...domains, "localhost"];
  const authority = await newAuthority({ dnsNames, ips: ["127.0.0.1"] });
  return { authority, issuer: await authority.issuer({ dnsNames: domains }) };
}

/**
 * The names for which the home gets certificates: those of its DNS zone, and what its Certificates are for; a wildcard
 * stands for all names below it.
 */
export function domainsOf({
  outside,
  workspaces,
  rendered,
}: Pick<Home, "outside" | "workspaces" | "rendered">): string[] {
  const certificates = objectsOf(rendered, "Certificate").flatMap(({ object }) => {
    const { dnsNames = [], commonName } = (object.spec ?? {}) as { dnsNames?: string[]; commonName?: string };
    return [...dnsNames, ...(commonName === undefined ? [] : [commonName])];
  });
  const hosts = workspaces.flatMap((workspace) => workspace.hosts.map(({ hostname }) => hostname));
  const names = [...outside.zone, ...hosts, ...certificates].map((name) => name.replace(/^\*\./, ""));
  return [...new Set(names)].filter((name) => /^[\w.-]+$/.test(name));
}
