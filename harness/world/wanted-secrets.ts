import { randomBytes } from "node:crypto";
import { HarnessError } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";

/** A key that the tree takes from Doppler, and whether its value is expected in base64. */
export interface WantedSecret {
  key: string;
  isBase64: boolean;
  /** The file of the ExternalSecret that asks for it. */
  path: string;
}

/** The Doppler keys that the ExternalSecrets of a tree ask for by name. */
export function wantedSecrets(tree: Tree): WantedSecret[] {
  const wanted = tree.objects("ExternalSecret").flatMap(({ path, object }) => {
    const references = (object.spec?.data ?? []) as { remoteRef?: { key?: string } }[];
    const decoding = tree.text(path).match(/\{\{[^}]*\bb64dec\b[^}]*\}\}/g) ?? [];
    const decoded = new Set(decoding.join(" ").match(/\w+/g));
    return references.flatMap(({ remoteRef }) => {
      const key = remoteRef?.key;
      if (!key) return [];
      return [{ key, isBase64: decoded.has(key), path }];
    });
  });
  return [...new Map(wanted.map((secret) => [secret.key, secret])).values()];
}

/** A fresh value for the key, in the shape that its name promises: a PAT, an auth.json, or a password. */
export function generateSecret({ key, isBase64 }: WantedSecret): string {
  const value = plainSecret(key);
  return isBase64 ? Buffer.from(value).toString("base64") : value;
}

function plainSecret(key: string): string {
  const random = () => randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "x");
  if (/PAT$|TOKEN$/.test(key)) return `ghp_${random()}`;
  if (/AUTH_JSON$/.test(key)) {
    const login = { type: "oauth", refresh: `gho_${random()}`, access: `tid=${random()}`, expires: 0 };
    return JSON.stringify({ "github-copilot": login });
  }
  if (/DEPLOY_KEY$|SSH/.test(key)) {
    throw new HarnessError(
      `Doppler key ${key}: the harness serves git over HTTPS with a token, not over SSH`,
      {
        code: "usage",
        remedy: "clone with a personal access token over HTTPS (manifests/README.md)",
      },
    );
  }
  return random();
}
