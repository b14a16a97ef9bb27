import type { V1Container } from "@kubernetes/client-node";
import { contentOf } from "../variables.ts";
import type { Objects } from "./objects.ts";

/** The variables of a container whose values stand in the tree: literals and ConfigMaps, not Secrets. */
export function plainEnvironment(
  container: V1Container,
  namespace: string,
  objects: Objects,
): Record<string, string> {
  const configMap = (name: string | undefined) => {
    const object = name === undefined ? undefined : objects.find("ConfigMap", { namespace, name });
    return (object && contentOf(object)) ?? {};
  };
  const values: Record<string, string> = {};
  for (const { configMapRef, prefix = "" } of container.envFrom ?? []) {
    for (const [key, value] of Object.entries(configMap(configMapRef?.name)))
      values[`${prefix}${key}`] = value;
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const { name: source, key } = valueFrom?.configMapKeyRef ?? {};
    const text = value ?? (key === undefined ? undefined : configMap(source)[key]);
    if (text === undefined) delete values[name];
    else values[name] = text;
  }
  return values;
}
