import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { claimSpecOf, claimsOf } from "../../reading/claims.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface Spec {
  replicas?: number;
  strategy?: { type?: string; rollingUpdate?: { maxSurge?: number | string } };
}

function isExclusive(claims: readonly OwnedObject[]): boolean {
  return claims.some((claim) =>
    claimSpecOf(claim).accessModes?.every((mode) => mode.startsWith("ReadWriteOnce")),
  );
}

function twoPods(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { facts, workload, at } = workspace;
    const { replicas, strategy } = workload.spec as Spec;
    if ((replicas ?? 1) > 1) {
      return [
        {
          message: `${facts.name} has ${replicas} replicas on one volume`,
          remedy: "let replicas be 1: OpenCode's database has one writer",
          ...at(key("replicas")),
        },
      ];
    }
    const isRolling =
      facts.workload.kind === "Deployment" && (strategy?.type ?? "RollingUpdate") !== "Recreate";
    if (!isRolling || !isExclusive(claimsOf(inspected, workspace))) return [];
    if (/^0%?$/.test(String(strategy?.rollingUpdate?.maxSurge))) {
      return [
        {
          message: `${facts.name} is updated by RollingUpdate: though maxSurge is 0, the new pod starts while the old one ends, and both have the volume for a moment`,
          remedy: "write strategy: Recreate, which waits for the old pod's end",
          ...at(key("controllers"), key("strategy")),
        },
      ];
    }
    return [
      {
        message: `${facts.name} is updated by RollingUpdate on a ReadWriteOnce claim: on another node the new pod waits for a volume that the old one keeps`,
        remedy: "write strategy: Recreate",
        ...at(key("controllers"), key("strategy")),
      },
    ];
  });
}

export const onePodRules = [
  rule({
    id: "two-pods-one-volume",
    title: "one pod at a time has the volume",
    pitfalls: [6],
    find: twoPods,
  }),
];
