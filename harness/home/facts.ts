import type { RenderedTree } from "../rendering/index.ts";
import type { Needs } from "./needs.ts";
import { objectsOf } from "./objects.ts";
import type { SopsValues } from "./sops-values.ts";

interface DopplerProvider {
  project?: string;
  config?: string;
  auth?: { secretRef?: { dopplerToken?: { name?: string; key?: string } } };
}

function dopplerProviders(rendered: RenderedTree): DopplerProvider[] {
  const stores = ["ClusterSecretStore", "SecretStore"].flatMap((kind) => objectsOf(rendered, kind));
  return stores.flatMap(({ object }) => {
    const { provider } = (object.spec ?? {}) as { provider?: { doppler?: DopplerProvider } };
    return provider?.doppler ?? [];
  });
}

/** Doppler's project and config, as the home's store names them. */
export function dopplerConfigOf(rendered: RenderedTree): { project?: string; config?: string } {
  const [first] = dopplerProviders(rendered);
  return {
    ...(first?.project ? { project: first.project } : {}),
    ...(first?.config ? { config: first.config } : {}),
  };
}

/** The service token that the home's store reads out of a file of SOPS; undefined where it comes from elsewhere. */
export function dopplerTokenOf(rendered: RenderedTree, sops: SopsValues): string | undefined {
  const [first] = dopplerProviders(rendered);
  const reference = first?.auth?.secretRef?.dopplerToken;
  return sops.all.get(`${reference?.name}/${reference?.key ?? "dopplerToken"}`);
}

/** `provider.kubernetes.deploy` of the home's Envoy Gateway: whether Envoy's pods stand in the Gateway's namespace. */
export function gatewayDeployOf(rendered: RenderedTree): { type: string } | undefined {
  for (const { object } of objectsOf(rendered, "HelmRelease")) {
    const { values } = (object.spec ?? {}) as {
      values?: { config?: { envoyGateway?: { provider?: { kubernetes?: { deploy?: { type: string } } } } } };
    };
    const deploy = values?.config?.envoyGateway?.provider?.kubernetes?.deploy;
    if (deploy) return deploy;
  }
  return undefined;
}

/** external-dns as the home has it. */
export interface HomeExternalDns {
  namespace: string;
  /** Its sources, filters, policy and registry as command-line arguments, and those that the release adds. */
  args: string[];
}

interface ExternalDnsValues {
  sources?: string[];
  policy?: string;
  registry?: string;
  txtOwnerId?: string;
  domainFilters?: string[];
  excludeDomains?: string[];
  labelFilter?: string;
  annotationFilter?: string;
  provider?: string | { name?: string };
  /** By name, or as they stand. */
  extraArgs?: string[] | Record<string, unknown>;
}

/** Providers that answer inside the house, or of which only their own webhook knows. */
const privateProviders = new Set(["webhook", "rfc2136", "pihole", "coredns", "inmemory"]);

/** The home's external-dns; of several the one that publishes to the world. Undefined where no release is made from its chart. */
export function externalDnsOf(rendered: RenderedTree): HomeExternalDns | undefined {
  const found = objectsOf(rendered, "HelmRelease").flatMap(({ object }) => {
    const {
      chart,
      chartRef,
      values = {},
    } = (object.spec ?? {}) as {
      chart?: { spec?: { chart?: string } };
      chartRef?: { name?: string };
      values?: ExternalDnsValues;
    };
    if ((chart?.spec?.chart ?? chartRef?.name) !== "external-dns") return [];
    const { provider } = values;
    const name = typeof provider === "string" ? provider : provider?.name;
    const isPublic = !privateProviders.has(name ?? "");
    return { isPublic, namespace: object.metadata.namespace ?? "", args: argumentsOf(values) };
  });
  const [first] = found.toSorted((one, other) => Number(other.isPublic) - Number(one.isPublic));
  return first && { namespace: first.namespace, args: first.args };
}

/** What its chart makes of these values; the chart's own defaults where they say nothing. */
function argumentsOf(values: ExternalDnsValues): string[] {
  const { sources = ["service", "ingress"], policy = "upsert-only", registry = "txt" } = values;
  const {
    txtOwnerId,
    labelFilter,
    annotationFilter,
    domainFilters = [],
    excludeDomains = [],
    extraArgs = [],
  } = values;
  return [
    ...sources.map((source) => `--source=${source}`),
    `--policy=${policy}`,
    `--registry=${registry}`,
    ...(txtOwnerId ? [`--txt-owner-id=${txtOwnerId}`] : []),
    ...domainFilters.map((domain) => `--domain-filter=${domain}`),
    ...excludeDomains.map((domain) => `--exclude-domains=${domain}`),
    ...(labelFilter ? [`--label-filter=${labelFilter}`] : []),
    ...(annotationFilter ? [`--annotation-filter=${annotationFilter}`] : []),
    ...(Array.isArray(extraArgs)
      ? extraArgs
      : Object.entries(extraArgs).map(([name, value]) => `--${name}=${value}`)),
  ];
}

/** The sources that releases of the workspaces are made from, as `Kind namespace/name`, and the home's own repository. */
export function usedSources(needs: Needs, home: { namespace: string; name: string }): Set<string> {
  const releases = needs.ofWorkspaces.flatMap(({ objects }) =>
    objects.filter(({ object }) => object.kind === "HelmRelease").map(({ object }) => object),
  );
  const used = releases.flatMap(({ spec, metadata }) => {
    const { chartRef, chart } = (spec ?? {}) as {
      chartRef?: { kind: string; name: string; namespace?: string };
      chart?: { spec?: { sourceRef?: { kind: string; name: string; namespace?: string } } };
    };
    const source = chartRef ?? chart?.spec?.sourceRef;
    return source ? [`${source.kind} ${source.namespace ?? metadata.namespace}/${source.name}`] : [];
  });
  return new Set([...used, `GitRepository ${home.namespace}/${home.name}`]);
}
