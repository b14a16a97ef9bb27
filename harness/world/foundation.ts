import { createHash } from "node:crypto";
import { dopplerConfigOf, type Entry, fluxEntryOf, type Home, sourceOf } from "../home/index.ts";
import type { PreparedImages } from "../images/index.ts";
import type { KeylessInputs } from "../platform/index.ts";
import { domainsOf } from "./authority.ts";

/** What a world was built for: digests, by what a reader would call it. Another tree may stand on it if it asks for the same. */
export type Foundation = Record<string, string>;

export interface FoundationSources {
  home: Home;
  entry: Entry;
  inputs: KeylessInputs;
  images: Pick<PreparedImages, "node" | "fixtures" | "registry" | "components">;
}

export function foundationOf({ home, entry, inputs, images }: FoundationSources): Foundation {
  const { gitSecrets, ageSecrets, gateways, gatewayDeploy, externalDns, dopplerToken, store } = inputs;
  const source = sourceOf(home.rendered);
  return digests({
    "what no Git holds (Doppler's keys, repositories, zone)": [
      home.outside,
      dopplerConfigOf(home.rendered),
      dopplerToken,
    ],
    "the entry of Flux and the parts of the home": [entry.objects, source.object, fluxEntryOf(home.rendered)],
    "the keys that Flux uses": [gitSecrets, ageSecrets],
    "the gateways": [gateways, gatewayDeploy],
    "external-dns": externalDns,
    "the domains": outermost(domainsOf(home)),
    "how the stores reach Doppler": store,
    "the images": [
      images.node,
      images.fixtures,
      images.registry,
      images.components.map(({ reference, version }) => [reference, version]),
    ],
  });
}

/** What the second world would have to be built for otherwise than the first was. */
export function unlike(first: Foundation, second: Foundation): string[] {
  return Object.keys(second).filter((part) => first[part] !== second[part]);
}

/** An authority that may vouch for a domain may vouch for every name below it. */
function outermost(domains: readonly string[]): string[] {
  return domains.filter((one) => !domains.some((other) => one.endsWith(`.${other}`))).sort();
}

function digests(parts: Record<string, unknown>): Foundation {
  const digest = (value: unknown) =>
    createHash("sha256")
      .update(JSON.stringify(value) ?? "")
      .digest("hex");
  return Object.fromEntries(Object.entries(parts).map(([part, value]) => [part, digest(value)]));
}
