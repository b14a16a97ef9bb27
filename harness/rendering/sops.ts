import type { KubeObject } from "./rendered-tree.ts";

/** What a secret of the home is, for somebody who has no key; undefined where it may be anything. */
export type SecretValue = (namespace: string, secret: string, key: string) => string | undefined;

/** Whether SOPS has encrypted it: Flux asks the same. */
export function isEncrypted(object: KubeObject): boolean {
  const { sops } = object as { sops?: { mac?: unknown } | null };
  return sops?.mac !== undefined;
}

/** The object as decryption would leave it, with other values: its keys are readable, what they hold is not. */
export function decrypted(object: KubeObject, secretValue?: SecretValue): KubeObject {
  const { sops: _, ...rest } = object as KubeObject & { sops?: unknown };
  const { namespace = "", name } = object.metadata;
  const plainValue = (key: string) => secretValue?.(namespace, name, key) ?? placeholder(key);
  const open = (value: unknown, key: string, isBase64: boolean): unknown => {
    if (typeof value === "string") {
      if (!/^ENC\[/.test(value)) return value;
      return isBase64 ? Buffer.from(plainValue(key)).toString("base64") : plainValue(key);
    }
    if (Array.isArray(value)) return value.map((item) => open(item, key, isBase64));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([field, inner]) => [field, open(inner, field, isBase64)]),
    );
  };
  return Object.fromEntries(
    Object.entries(rest).map(([field, value]) => [field, open(value, field, field === "data")]),
  ) as unknown as KubeObject;
}

/** Fit for a host name, since domains are kept like this: SECRET_DOMAIN is `secret-domain.invalid`. */
export function placeholder(key: string): string {
  return `${key.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.invalid`;
}

/**
 * A file that SOPS has encrypted and that is no object by itself (what a generator reads): each value a placeholder, without
 * what SOPS has added. Other files as they are.
 */
export function openedText(text: string): string {
  if (!text.includes("ENC[AES256_GCM,") || /^kind:/m.test(text)) return text;
  return text
    .replace(/^sops:\n(?:[ \t].*\n?)*/m, "")
    .replaceAll(/^sops_.*\n?/gm, "")
    .replaceAll(/ENC\[AES256_GCM,[^\]]*\]/g, "encrypted.invalid");
}
