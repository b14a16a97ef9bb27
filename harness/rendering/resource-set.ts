import { z } from "zod";
import type { KubeObject, ObjectName } from "./rendered-tree.ts";

const inputSet = z.record(z.string(), z.unknown());
const template = z.looseObject({
  resources: z.array(z.unknown()).default([]),
  resourcesTemplate: z.string().default(""),
});
const metadata = z.record(z.string(), z.string()).optional();

const resourceSet = z.looseObject({
  spec: z.looseObject({
    inputs: z.array(inputSet).default([]),
    inputsFrom: z.array(z.looseObject({ name: z.string().optional() })).default([]),
    inputStrategy: z.looseObject({ name: z.string() }).optional(),
    resources: z.array(z.unknown()).default([]),
    resourcesTemplate: z.string().default(""),
    steps: z.array(template).default([]),
    commonMetadata: z.looseObject({ labels: metadata, annotations: metadata }).optional(),
  }),
});

const provider = z.looseObject({
  spec: z.looseObject({ type: z.literal("Static"), defaultValues: inputSet.default({}) }),
});

/** What flux-operator makes objects of: its templates, each for every set of inputs. */
export interface ResourceSet extends ObjectName {
  /** Missing where it needs none: every template is rendered once. */
  inputs?: Record<string, unknown>[];
  /** Each makes one object, as YAML. */
  resources: unknown[];
  /** Each makes any number of them. */
  texts: string[];
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** Of flux-operator; Rancher's backup operator has a kind of this name too. */
const isOfOperator = ({ apiVersion }: KubeObject) => apiVersion.startsWith("fluxcd.controlplane.io/");

/** One that its owner has not switched off. */
export const isResourceSet = (object: KubeObject): boolean =>
  object.kind === "ResourceSet" &&
  isOfOperator(object) &&
  object.metadata.annotations?.["fluxcd.controlplane.io/reconcile"] !== "disabled";

/** As far as Git says what it is made of; else why that is not seen. */
export function readResourceSet(
  object: KubeObject,
  beside: readonly KubeObject[],
): ResourceSet | { unseen: string } {
  const { name, namespace = "" } = object.metadata;
  const parsed = resourceSet.safeParse(object);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { unseen: `${issue?.path.join(".")}: ${issue?.message}` };
  }
  const { inputs, inputsFrom, inputStrategy, resources, resourcesTemplate, steps, commonMetadata } =
    parsed.data.spec;
  if (inputStrategy && inputStrategy.name !== "Flatten")
    return { unseen: `its inputs are combined by ${inputStrategy.name}` };
  const given = inputsFrom.map((from) => valuesOf(from.name, namespace, beside));
  const missing = inputsFrom.find((_, index) => given[index] === undefined);
  if (missing)
    return {
      unseen: `its inputs come from ${missing.name === undefined ? "providers that a selector finds" : `ResourceSetInputProvider ${missing.name}`}, of which Git does not say the values`,
    };
  const all = [...inputs, ...given.filter((values) => values !== undefined)];
  return {
    namespace,
    name,
    ...(all.length > 0 ? { inputs: all } : {}),
    resources: [...resources, ...steps.flatMap((step) => step.resources)],
    texts: [resourcesTemplate, ...steps.map((step) => step.resourcesTemplate)].filter((text) => text !== ""),
    labels: commonMetadata?.labels ?? {},
    annotations: commonMetadata?.annotations ?? {},
  };
}

/** A provider that asks nobody. */
function valuesOf(
  name: string | undefined,
  namespace: string,
  beside: readonly KubeObject[],
): Record<string, unknown> | undefined {
  const found = beside.find(
    (object) =>
      object.kind === "ResourceSetInputProvider" &&
      isOfOperator(object) &&
      object.metadata.name === name &&
      (object.metadata.namespace ?? "") === namespace,
  );
  const parsed = provider.safeParse(found);
  return parsed.success ? parsed.data.spec.defaultValues : undefined;
}
