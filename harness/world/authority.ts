import { type Authority, type KeyPair, newAuthority } from "../base/index.ts";
import { namesOfHost } from "../cluster/index.ts";
import { type Home, objectsOf } from "../home/index.ts";
import { internetNames } from "../internet/index.ts";
import { controlPlaneNames } from "../platform/index.ts";

/** Who vouches for whom in a run. */
export interface WorldAuthority {
  authority: Authority;
  /** What stands in the cluster: for the home's own domains only. */
  issuer: KeyPair;
}

/**
 * A new authority for one run: for the production names that it answers for, its own names, the home's domains, and the host
 * on which the engine publishes.
 */
export async function worldAuthority(
  domains: readonly string[],
  host = "localhost",
): Promise<WorldAuthority> {
  const reached = namesOfHost(host);
  const dnsNames = [...internetNames, ...controlPlaneNames, ...domains, ...reached.dnsNames];
  const authority = await newAuthority({ dnsNames, ips: reached.ips });
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
