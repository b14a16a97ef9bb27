import type { OwnedObject } from "../home/index.ts";
import type { Inspected } from "./inspected.ts";

/** What VolSync does in the namespaces of workspaces. */
export function replicationsIn({ of, workspaces }: Inspected): OwnedObject[] {
  const namespaces = new Set(workspaces.map(({ facts }) => facts.namespace));
  return [...of("ReplicationSource"), ...of("ReplicationDestination")].filter(({ object }) =>
    namespaces.has(object.metadata.namespace ?? ""),
  );
}
