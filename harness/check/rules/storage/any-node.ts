import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { claimSpecOf, claimsOf, type StatefulSpec } from "../../reading/claims.ts";
import type { Inspected, InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

function onOneNode(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { facts, workload, at } = workspace;
    const selector = workload.pod.nodeSelector?.["kubernetes.io/hostname"] ?? nodeOf(workload.pod);
    const pinned = selector
      ? [
          {
            message: `${facts.name} may run on node ${selector} only`,
            remedy: "leave the node's name out: a volume of Ceph follows the pod to any node",
            ...at(/^\s*(nodeSelector|affinity|nodeName):/),
          },
        ]
      : [];
    return [
      ...pinned,
      ...claimsOf(inspected, workspace).flatMap((claim) => volumesOnOneNode(inspected, claim)),
      ...templatesOnOneNode(workspace),
    ];
  });
}

/** The one node that a pod names, or must be on by its affinity. */
function nodeOf({ nodeName, affinity }: InspectedWorkspace["workload"]["pod"]): string | undefined {
  const terms =
    affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const names = terms.flatMap(({ matchExpressions = [] }) =>
    matchExpressions
      .filter(({ key: label, operator }) => label === "kubernetes.io/hostname" && operator === "In")
      .flatMap(({ values = [] }) => values),
  );
  return nodeName ?? (terms.length === 1 && names.length === 1 ? names[0] : undefined);
}

const nodeClasses = /local|hostpath|host-path/i;

function volumesOnOneNode({ of, placeOf }: Inspected, claim: OwnedObject): Fault[] {
  const { namespace, name } = claim.object.metadata;
  const remedy = "use a class whose volumes follow a pod to any node";
  const volumes = of("PersistentVolume").filter(({ object }) => {
    const { claimRef } = (object.spec ?? {}) as { claimRef?: { name?: string; namespace?: string } };
    return claimRef?.name === name && claimRef.namespace === namespace;
  });
  const [volume] = volumes.filter(({ object }) => {
    const spec = (object.spec ?? {}) as { local?: unknown; hostPath?: unknown };
    return spec.local !== undefined || spec.hostPath !== undefined;
  });
  if (volume) {
    const message = `the volume of claim ${name} (PersistentVolume ${volume.object.metadata.name}) is a directory of a node`;
    return [{ message, remedy, ...placeOf(volume, /^ {2}(local|hostPath):/) }];
  }
  const { storageClassName = "" } = claimSpecOf(claim);
  if (!nodeClasses.test(storageClassName)) return [];
  return [
    {
      message: `claim ${name} is of class ${storageClassName}, whose volumes stay on one node`,
      remedy,
      ...placeOf(claim, key("storageClassName")),
    },
  ];
}

function templatesOnOneNode({ workload, at }: InspectedWorkspace): Fault[] {
  return ((workload.spec as StatefulSpec).volumeClaimTemplates ?? [])
    .filter(({ spec }) => nodeClasses.test(spec?.storageClassName ?? ""))
    .map(({ metadata, spec }) => ({
      message: `claims ${metadata?.name} are of class ${spec?.storageClassName}, whose volumes stay on one node`,
      remedy: "use a class whose volumes follow a pod to any node",
      ...at(key("volumeClaimTemplates"), key("storageClassName")),
    }));
}

export const anyNodeRules = [
  rule({ id: "bound-to-node", title: "pod and volume can go to any node", pitfalls: [6], find: onOneNode }),
];
