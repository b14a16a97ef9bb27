import type { V1Container, V1Deployment, V1PodSpec, V1StatefulSet } from "@kubernetes/client-node";
import { z } from "zod";
import type { KubeObject, ObjectName, RenderedKustomization, RenderedTree } from "../rendered-tree.ts";

const strings = z.array(z.string());
const container = z.looseObject({
  name: z.string(),
  command: strings.optional(),
  args: strings.optional(),
  env: z.array(z.looseObject({ name: z.string() })).optional(),
  envFrom: z.array(z.looseObject({})).optional(),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).optional(),
});

/** As much of a pod as is asked here; the API server refuses what is not like this. */
const podSpec = z.looseObject({
  initContainers: z.array(container).optional(),
  containers: z.array(container),
  volumes: z.array(z.looseObject({ name: z.string() })).optional(),
});

/** What runs pods for long, with what has made it. */
export interface Workload {
  kind: "Deployment" | "StatefulSet";
  name: string;
  namespace: string;
  spec: NonNullable<V1Deployment["spec"] | V1StatefulSet["spec"]>;
  pod: V1PodSpec;
  podLabels: Record<string, string>;
  release?: ObjectName;
  kustomization: ObjectName;
}

/** The Deployments and StatefulSets of a tree, in its order, each once. */
export function workloadsIn({ kustomizations }: RenderedTree): Workload[] {
  const all = kustomizations.flatMap((kustomization) =>
    kustomization.objects.flatMap(({ object, by }) => {
      const workload = workloadOf(object, kustomization);
      return workload ? [by.release ? { ...workload, release: by.release } : workload] : [];
    }),
  );
  // What two Kustomizations apply is one object in the cluster.
  const first = new Map(all.toReversed().map((one) => [`${one.kind} ${one.namespace}/${one.name}`, one]));
  return all.filter((one) => first.get(`${one.kind} ${one.namespace}/${one.name}`) === one);
}

function workloadOf(object: KubeObject, { namespace, name }: RenderedKustomization): Workload | undefined {
  const { kind, apiVersion, metadata } = object;
  if (apiVersion !== "apps/v1" || (kind !== "Deployment" && kind !== "StatefulSet")) return undefined;
  const spec = object.spec as Workload["spec"];
  const pod = podSpec.safeParse(spec?.template?.spec);
  if (!pod.success) return undefined;
  return {
    kind,
    name: metadata.name,
    namespace: metadata.namespace ?? "",
    spec,
    pod: pod.data as V1PodSpec,
    podLabels: spec.template?.metadata?.labels ?? {},
    kustomization: { namespace, name },
  };
}

/** Of a pod, the init containers first, in their order. */
export const containersOf = ({ pod }: Workload): V1Container[] => [
  ...(pod.initContainers ?? []),
  ...(pod.containers ?? []),
];
