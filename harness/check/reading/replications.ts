import type { OwnedObject } from "../../home/index.ts";
import { type Inspected, specOf } from "./inspected.ts";

/** What VolSync does in the namespaces of workspaces. */
export function replicationsIn({ of, workspaces }: Inspected): OwnedObject[] {
  const namespaces = new Set(workspaces.map(({ facts }) => facts.namespace));
  return [...of("ReplicationSource"), ...of("ReplicationDestination")].filter(({ object }) =>
    namespaces.has(object.metadata.namespace ?? ""),
  );
}

interface SecretSpec {
  target?: { name?: string; template?: { data?: Record<string, unknown> } };
  data?: { secretKey?: string; remoteRef?: { key?: string } }[];
}

/** The address of a restic repository, as the ExternalSecret that makes its Secret says it, with the store's names of its keys. */
export function repositoryOf(
  { of }: Inspected,
  namespace: string,
  secret: string | undefined,
): { made: OwnedObject; address: string } | undefined {
  const made = of("ExternalSecret").find((one) => {
    const { namespace: own, name } = one.object.metadata;
    return own === namespace && (specOf<SecretSpec>(one).target?.name ?? name) === secret;
  });
  const { target, data = [] } = made ? specOf<SecretSpec>(made) : {};
  const address = target?.template?.data?.RESTIC_REPOSITORY;
  if (!made || address === undefined) return undefined;
  const stored = (name: string) => data.find(({ secretKey }) => secretKey === name)?.remoteRef?.key ?? name;
  const named = String(address).replaceAll(/\{\{\s*\.(\w+)\s*\}\}/g, (_, name) => `{{ .${stored(name)} }}`);
  return { made, address: named };
}
