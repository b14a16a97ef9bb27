import { type Authority, type KeyPair, newAuthority } from "../base/index.ts";
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
