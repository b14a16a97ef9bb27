import { z } from "zod";
import { yamlObjects } from "./yaml-objects.ts";

const pod = z.looseObject({
  metadata: z.looseObject({ namespace: z.string().optional(), name: z.string() }),
  spec: z.looseObject({ initContainers: z.array(z.looseObject({ name: z.string() })).optional() }),
});

/** The containers of each pod that run before its others, from the pods as the evidence stores them, in their order. */
export function initContainers(podYaml: string): { namespace: string; pod: string; container: string }[] {
  return yamlObjects(podYaml, pod).flatMap(({ metadata: { namespace = "", name }, spec }) =>
    (spec.initContainers ?? []).map((container) => ({ namespace, pod: name, container: container.name })),
  );
}
