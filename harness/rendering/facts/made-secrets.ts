import type { KubeObject } from "../rendered-tree.ts";
import { anyKey } from "../variables.ts";

/** Where controllers beside External Secrets name the Secret that they make; the name of the object itself if nowhere. */
const makers: Record<string, (spec: Fields) => unknown> = {
  SealedSecret: ({ template }) => at(template, "metadata", "name"),
  OnePasswordItem: () => undefined,
  VaultStaticSecret: ({ destination }) => at(destination, "name"),
  InfisicalSecret: ({ managedSecretReference }) => at(managedSecretReference, "secretName"),
  DopplerSecret: ({ managedSecret }) => at(managedSecret, "name"),
};

type Fields = Record<string, unknown>;

/** Kinds of objects of which a controller beside External Secrets makes a Secret. */
export const kindsOfOthers = Object.keys(makers);

/**
 * The Secret that a controller makes of an object which is no ExternalSecret, with its keys as far as they are named there;
 * undefined for all other kinds.
 */
export function secretMadeBy({ kind, metadata, spec }: KubeObject): KubeObject | undefined {
  const nameOf = Object.hasOwn(makers, kind) ? makers[kind] : undefined;
  if (!nameOf) return undefined;
  const fields = (spec ?? {}) as Fields & { encryptedData?: object; template?: { data?: object } | null };
  const { encryptedData, template } = fields;
  const keys = encryptedData ? Object.keys({ ...encryptedData, ...template?.data }) : [anyKey];
  const { namespace } = metadata;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: String(nameOf(fields) ?? metadata.name),
      ...(namespace === undefined ? {} : { namespace }),
    },
    stringData: Object.fromEntries(keys.map((one) => [one, `value of ${one}`])),
  };
}

const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((found, field) => (found as Fields | undefined)?.[field], value);
