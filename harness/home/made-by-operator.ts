import { HarnessError } from "../base/index.ts";
import type { RenderedTree, WorkspaceFacts } from "../rendering/index.ts";
import type { Needs } from "./needs.ts";
import { keyOf, objectsOf } from "./objects.ts";

/**
 * That nobody expands ResourceSets in the harness's cluster: what workspaces stand on must not be made by one.
 *
 * @throws HarnessError `environment` where it is
 */
export function refuseWhatOperatorMakes(
  rendered: RenderedTree,
  workspaces: readonly WorkspaceFacts[],
  needs: Pick<Needs, "ofWorkspaces" | "ofHome" | "gateways">,
): void {
  const wanted = new Set([
    ...workspaces.flatMap(namesOf),
    ...[...needs.ofWorkspaces, ...needs.ofHome].map(({ namespace, name }) =>
      keyOf("Kustomization", namespace, name),
    ),
    ...needs.gateways.map((gateway) => `Gateway ${gateway}`),
  ]);
  const found = objectsOf(rendered).find(
    ({ by, object: { kind, metadata } }) =>
      by.resourceSet !== undefined && wanted.has(keyOf(kind, metadata.namespace, metadata.name)),
  );
  if (!found?.by.resourceSet) return;
  const { namespace, name } = found.by.resourceSet;
  const { kind, metadata } = found.object;
  throw new HarnessError(
    `${kind} ${metadata.name} comes of ResourceSet ${namespace}/${name}, and no flux-operator runs in the harness's cluster`,
    {
      code: "environment",
      remedy:
        "`npm run check` judges it all the same; for scenarios write what the workspaces stand on into files of its own.",
    },
  );
}

function namesOf(workspace: WorkspaceFacts): string[] {
  const { namespace, workload, release, claims, externalSecrets } = workspace;
  return [
    keyOf("Namespace", undefined, namespace),
    keyOf(workload.kind, namespace, workload.name),
    ...(release ? [keyOf("HelmRelease", release.namespace, release.name)] : []),
    ...claims.map(({ name }) => keyOf("PersistentVolumeClaim", namespace, name)),
    ...externalSecrets.map(({ name }) => keyOf("ExternalSecret", namespace, name)),
  ];
}
