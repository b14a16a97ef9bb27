import { z } from "zod";
import type { KubeObject } from "../rendered-tree.ts";
import { anyKey, contentOf } from "../variables.ts";
import { mayFind } from "./found-keys.ts";
import type { Objects } from "./objects.ts";

const find = z.looseObject({
  path: z.string().optional(),
  name: z.looseObject({ regexp: z.string().optional() }).optional(),
});

/** The fields of an ExternalSecret that say what its Secret holds. */
const externalSecretSpec = z.looseObject({
  secretStoreRef: z
    .looseObject({ kind: z.string().default("SecretStore"), name: z.string().default("") })
    .optional(),
  target: z
    .looseObject({
      name: z.string().optional(),
      template: z
        .looseObject({
          data: z.record(z.string(), z.unknown()).optional(),
          templateFrom: z.array(z.unknown()).optional(),
          mergePolicy: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
  data: z
    .array(z.looseObject({ secretKey: z.string(), remoteRef: z.looseObject({ key: z.string() }) }))
    .default([]),
  dataFrom: z
    .array(
      z.looseObject({
        extract: z.looseObject({ key: z.string() }).optional(),
        find: find.optional(),
        rewrite: z.array(z.unknown()).optional(),
      }),
    )
    .default([]),
});

export type ExternalSecretSpec = z.infer<typeof externalSecretSpec>;

export interface ExternalSecret {
  name: string;
  secret: string;
  spec: ExternalSecretSpec;
}

/** Those of a namespace that can be read. */
export function externalSecretsIn(namespace: string, objects: Objects): ExternalSecret[] {
  return readExternalSecrets(objects.in("ExternalSecret", namespace));
}

/** Those of these ExternalSecrets that can be read. */
export function readExternalSecrets(objects: readonly KubeObject[]): ExternalSecret[] {
  return objects.flatMap(({ metadata: { name }, spec }) => {
    const parsed = externalSecretSpec.safeParse(spec);
    return parsed.success ? [{ name, secret: parsed.data.target?.name ?? name, spec: parsed.data }] : [];
  });
}

/** Whether a Secret of the tree has a key; true where it cannot be known. */
export function mayHold(secret: string, key: string, namespace: string, objects: Objects): boolean {
  const plain = objects.find("Secret", { namespace, name: secret });
  if (plain) {
    const content = contentOf(plain) ?? {};
    return key in content || anyKey in content;
  }
  const writers = externalSecretsIn(namespace, objects).filter((writer) => writer.secret === secret);
  return writers.length === 0 || writers.some(({ spec }) => mayWrite(spec, key));
}

/** Whether a Secret has a key by its name in the tree; false where it would come with others of the store, or is not seen. */
export function isNamedKey(secret: string, key: string, namespace: string, objects: Objects): boolean {
  const plain = objects.find("Secret", { namespace, name: secret });
  if (plain && key in (contentOf(plain) ?? {})) return true;
  return externalSecretsIn(namespace, objects)
    .filter((writer) => writer.secret === secret)
    .some(
      ({ spec: { target, data } }) =>
        key in (target?.template?.data ?? {}) || data.some(({ secretKey }) => secretKey === key),
    );
}

function mayWrite({ target, data, dataFrom }: ExternalSecretSpec, key: string): boolean {
  const { data: template, templateFrom, mergePolicy } = target?.template ?? {};
  if (templateFrom?.length || (template && key in template)) return true;
  if (template && mergePolicy !== "Merge") return false;
  return data.some(({ secretKey }) => secretKey === key) || dataFrom.some((source) => mayBring(source, key));
}

function mayBring({ extract, find, rewrite }: ExternalSecretSpec["dataFrom"][number], key: string): boolean {
  if (rewrite?.length || extract) return true;
  return mayFind({ path: find?.path, regexp: find?.name?.regexp }, key);
}
