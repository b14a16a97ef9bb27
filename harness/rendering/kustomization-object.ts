import { z } from "zod";

const selector = z.record(z.string(), z.string());

/** Where one of them is no text, Flux takes all of them away (SetOwnerLabels of fluxcd/pkg/ssa). */
const labels = z
  .record(z.string(), z.unknown())
  .transform((all) => selector.safeParse(all).data ?? {})
  .optional();

/** The fields of a Flux Kustomization that decide what it applies; all others are kept. */
const fields = z.looseObject({
  apiVersion: z.string(),
  kind: z.literal("Kustomization"),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels,
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.looseObject({
    path: z.string().optional(),
    sourceRef: z.looseObject({
      kind: z.string(),
      name: z.string(),
      namespace: z.string().optional(),
    }),
    suspend: z.boolean().optional(),
    targetNamespace: z.string().optional(),
    namePrefix: z.string().optional(),
    nameSuffix: z.string().optional(),
    components: z.array(z.string()).optional(),
    ignoreMissingComponents: z.boolean().optional(),
    patches: z.array(z.looseObject({ patch: z.string(), target: selector.optional() })).optional(),
    images: z.array(z.looseObject({ name: z.string() })).optional(),
    commonMetadata: z
      .looseObject({ labels: selector.optional(), annotations: selector.optional() })
      .optional(),
    decryption: z.looseObject({ provider: z.string() }).optional(),
    postBuild: z
      .looseObject({
        substitute: z.record(z.string(), z.string()).optional(),
        substituteFrom: z
          .array(z.looseObject({ kind: z.string(), name: z.string(), optional: z.boolean().optional() }))
          .optional(),
      })
      .optional(),
  }),
});

/** Those fields; the API server takes away what is left empty (null), as a list is whose items are all comments. */
export const kustomizationObject = z.preprocess(withoutNulls, fields);

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const there = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(there.map(([key, one]) => [key, withoutNulls(one)]));
}

/** A Flux Kustomization (not kustomize's own), as it would be in the cluster. */
export type KustomizationObject = z.infer<typeof kustomizationObject>;

interface ObjectType {
  apiVersion?: string;
  kind?: string;
}

/** Whether an object is one of Flux's Kustomizations, by kind and group; its fields may still be wrong. */
export function isFluxKustomization({ apiVersion = "", kind }: ObjectType): boolean {
  return kind === "Kustomization" && apiVersion.startsWith("kustomize.toolkit.fluxcd.io/");
}
