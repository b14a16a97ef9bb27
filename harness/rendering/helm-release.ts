import { createHash } from "node:crypto";
import { z } from "zod";

const valuesReference = z.looseObject({
  kind: z.enum(["ConfigMap", "Secret"]),
  name: z.string(),
  valuesKey: z.string().default("values.yaml"),
  targetPath: z.string().optional(),
  optional: z.boolean().default(false),
});

/** The fields of a HelmRelease that decide what it makes. */
export const helmRelease = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string().default("") }),
  spec: z.looseObject({
    chartRef: z
      .looseObject({ kind: z.string(), name: z.string(), namespace: z.string().optional() })
      .optional(),
    chart: z
      .looseObject({
        spec: z.looseObject({
          chart: z.string(),
          version: z.string().optional(),
          sourceRef: z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().optional() }),
        }),
      })
      .optional(),
    releaseName: z.string().optional(),
    targetNamespace: z.string().optional(),
    suspend: z.boolean().optional(),
    values: z.record(z.string(), z.unknown()).default({}),
    valuesFrom: z.array(valuesReference).default([]),
    postRenderers: z
      .array(
        z.looseObject({
          kustomize: z
            .looseObject({
              // What Flux's own schema has, and no more: kustomize would also read a patch from a file or an address.
              patches: z.array(z.object({ patch: z.string(), target: z.unknown().optional() })).optional(),
              images: z.array(z.unknown()).optional(),
            })
            .optional(),
        }),
      )
      .default([]),
    commonMetadata: z
      .looseObject({
        labels: z.record(z.string(), z.string()).optional(),
        annotations: z.record(z.string(), z.string()).optional(),
      })
      .optional(),
  }),
});

export type HelmRelease = z.infer<typeof helmRelease>;

/** Helm's name for it, at most 53 characters: what is longer ends in a digest, as helm-controller has it. */
export function releaseName({ metadata, spec }: HelmRelease): string {
  const { targetNamespace } = spec;
  const name = spec.releaseName ?? (targetNamespace ? `${targetNamespace}-${metadata.name}` : metadata.name);
  if (name.length <= 53) return name;
  return `${name.slice(0, 40)}-${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
}

export const releaseNamespace = ({ metadata, spec }: HelmRelease): string =>
  spec.targetNamespace || metadata.namespace;
