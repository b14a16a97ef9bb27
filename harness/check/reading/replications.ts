import type { OwnedObject } from "../../home/index.ts";
import { claimSpecOf } from "./claims.ts";
import { type Inspected, specOf } from "./inspected.ts";

interface ReplicationSpec {
  sourcePVC?: string;
  restic?: { destinationPVC?: string };
}

const nameOf = (namespace: string | undefined, name: string | undefined) => `${namespace}/${name}`;

/**
 * What VolSync does with the volumes of workspaces. Of what stands in their namespaces that is not all, since other
 * applications may share one: what names no claim of theirs counts where it is of a Kustomization of theirs, and names
 * nobody else's.
 */
export function replicationsIn(inspected: Inspected): OwnedObject[] {
  const { of, workspaces, concernsUs } = inspected;
  const namespaces = new Set(workspaces.map(({ facts }) => facts.namespace));
  const ours = new Set(
    workspaces.flatMap(({ facts: { namespace, claims } }) =>
      claims.map(({ name }) => nameOf(namespace, name)),
    ),
  );
  const filled = claimsByOrigin(of("PersistentVolumeClaim"));
  const claims = new Set(of("PersistentVolumeClaim").map(({ object }) => keyOf(object)));
  return [...of("ReplicationSource"), ...of("ReplicationDestination")].filter((one) => {
    const { namespace } = one.object.metadata;
    if (!namespaces.has(namespace ?? "")) return false;
    const { sourcePVC, restic } = specOf<ReplicationSpec>(one);
    const named = [sourcePVC, restic?.destinationPVC].flatMap((name) =>
      name === undefined ? [] : [nameOf(namespace, name)],
    );
    const its = [...named, ...(filled.get(`${one.object.kind} ${keyOf(one.object)}`) ?? [])];
    return its.some((name) => ours.has(name)) || (concernsUs(one) && !its.some((name) => claims.has(name)));
  });
}

const keyOf = ({ metadata: { namespace, name } }: OwnedObject["object"]) => nameOf(namespace, name);

/** Claims by what fills them. */
function claimsByOrigin(claims: readonly OwnedObject[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const claim of claims) {
    const { kind, name } = claimSpecOf(claim).dataSourceRef ?? {};
    const origin = `${kind} ${nameOf(claim.object.metadata.namespace, name)}`;
    found.set(origin, [...(found.get(origin) ?? []), keyOf(claim.object)]);
  }
  return found;
}

interface SecretSpec {
  target?: { name?: string; template?: { data?: Record<string, unknown> } };
  data?: { secretKey?: string; remoteRef?: { key?: string; property?: string } }[];
  dataFrom?: object[];
}

/** Where a restic repository lies. */
export interface RepositoryAddress {
  /** The ExternalSecret that makes its Secret. */
  made: OwnedObject;
  /** As that says it, with the store's names of its keys. */
  address: string;
  /** The same for every ExternalSecret that says the same place, and for no other. */
  identity: string;
}

/** The address of a restic repository, as the ExternalSecret that makes its Secret says it. */
export function repositoryOf(
  { of }: Inspected,
  namespace: string,
  secret: string | undefined,
): RepositoryAddress | undefined {
  const made = of("ExternalSecret").find((one) => {
    const { namespace: own, name } = one.object.metadata;
    return own === namespace && (specOf<SecretSpec>(one).target?.name ?? name) === secret;
  });
  const { target, data = [], dataFrom = [] } = made ? specOf<SecretSpec>(made) : {};
  const address = target?.template?.data?.RESTIC_REPOSITORY;
  if (!made || address === undefined) return undefined;
  const refOf = (name: string) => data.find(({ secretKey }) => secretKey === name)?.remoteRef;
  const put = (from: (name: string) => string) =>
    String(address).replaceAll(/\{\{\s*\.(\w+)\s*\}\}/g, (_, name) => `{{ .${from(name)} }}`);
  // One name may have another value in each of the store's items, or in each of an item's properties.
  const identity = put((name) =>
    refOf(name) ? JSON.stringify(refOf(name)) : `${name} of ${JSON.stringify(dataFrom)}`,
  );
  return { made, address: put((name) => refOf(name)?.key ?? name), identity };
}
