import { stringify } from "yaml";
import { components } from "./architecture.ts";
import { componentKustomization, gitRepository, harnessPlatform } from "./cluster-apps.ts";
import type { KubeObject, PlatformInputs } from "./component.ts";

/** The files of the repository `harness-platform`: a directory for each component, an object a file. */
export function platformTree(inputs: PlatformInputs): Map<string, string> {
  const files = new Map<string, string>();
  for (const component of components) {
    const names: string[] = [];
    for (const object of component.objects(inputs)) {
      const name =
        `${object.kind}-${object.metadata.namespace ?? "cluster"}-${object.metadata.name}.yaml`.toLowerCase();
      names.push(`./${name}`);
      files.set(`${component.name}/${name}`, stringify(object));
    }
    const list = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources: names };
    files.set(`${component.name}/kustomization.yaml`, stringify(list));
  }
  return files;
}

/** All that is applied directly at the start, kinds' definitions apart: Flux finds it there and adopts it from git. */
export async function bootstrapObjects(inputs: PlatformInputs): Promise<KubeObject[]> {
  const secrets = await Promise.all(components.map((component) => component.secrets?.(inputs) ?? []));
  return [
    ...components.flatMap((component) => component.objects(inputs)),
    ...secrets.flat(),
    gitRepository(harnessPlatform),
    ...components.map(componentKustomization),
  ];
}
