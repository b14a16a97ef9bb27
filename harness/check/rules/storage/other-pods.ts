import type { V1PodSpec } from "@kubernetes/client-node";
import type { Fault } from "../../finding.ts";
import { claimSpecOf, claimsOf } from "../../reading/claims.ts";
import {
  eachWorkspace,
  type Inspected,
  type InspectedWorkspace,
  specOf,
  titleOf,
} from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

const kinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"];

interface Spec extends V1PodSpec {
  replicas?: number;
  suspend?: boolean;
  template?: { spec?: V1PodSpec };
  jobTemplate?: { spec?: { template?: { spec?: V1PodSpec } } };
}

/** One that is placed where the workspace is. */
const isBeside = ({ affinity }: V1PodSpec) =>
  (affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).length > 0;

function onTheClaim(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { facts } = workspace;
  const exclusive = claimsOf(inspected, workspace).filter((claim) =>
    claimSpecOf(claim).accessModes?.every((mode) => mode.startsWith("ReadWriteOnce")),
  );
  const names = exclusive.map(({ object }) => object.metadata.name);
  const isWorkspace = (kind: string, name: string) =>
    inspected.workspaces.some((one) => one.facts.workload.kind === kind && one.facts.workload.name === name);
  return kinds.flatMap(inspected.of).flatMap((one) => {
    const { kind, metadata } = one.object;
    const spec = specOf<Spec>(one);
    const pod = spec.jobTemplate?.spec?.template?.spec ?? spec.template?.spec ?? spec;
    const claim = pod.volumes?.find(({ persistentVolumeClaim }) =>
      names.includes(persistentVolumeClaim?.claimName ?? ""),
    )?.persistentVolumeClaim?.claimName;
    const isIdle = spec.replicas === 0 || spec.suspend === true;
    if (claim === undefined || metadata.namespace !== facts.namespace || isIdle) return [];
    if (isWorkspace(kind, metadata.name) || isBeside(pod)) return [];
    const isForAWhile = kind === "Job" || kind === "CronJob";
    return {
      message: `${titleOf(one)} mounts claim ${claim} beside ${facts.name}: on another node one of both waits for a volume that the other has, and on the same one two write to it`,
      remedy: "give it a claim of its own; what is to be copied, VolSync copies from a snapshot",
      ...(isForAWhile ? { severity: "warning" as const } : {}),
      ...inspected.placeOf(one, key("spec"), /claimName/),
    };
  });
}

export const otherPodRules = [
  rule({
    id: "claim-of-two",
    title: "nobody else mounts a workspace's claim",
    pitfalls: [6],
    find: eachWorkspace(onTheClaim),
  }),
];
