import { randomBytes } from "node:crypto";
import ssh2 from "ssh2";
import { newEd25519Pair } from "../base/index.ts";
import type { DopplerKey } from "../home/index.ts";

/** A fresh value of this shape: a GitHub token, a password, OpenCode's auth.json, an OpenSSH private key, or a word. */
export function generateSecret({ shape, base64 = false, value }: DopplerKey): string {
  const plain = value ?? fresh(shape);
  return base64 ? Buffer.from(plain).toString("base64") : plain;
}

function fresh(shape: DopplerKey["shape"]): string {
  const random = () => randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "x");
  if (shape === "pat") return `ghp_${random()}`;
  if (shape === "login") {
    const login = { type: "oauth", refresh: `gho_${random()}`, access: `tid=${random()}`, expires: 0 };
    return JSON.stringify({ "github-copilot": login });
  }
  if (shape === "ssh-key") return newEd25519Pair().private;
  return random();
}

/**
 * What GitHub is told of a credential: the public half of a private key (a line of authorized_keys), anything else as it
 * is; without the base64 that it may be stored in.
 */
export function shownToGitHub(value: string, { base64 = false }: Pick<DopplerKey, "base64"> = {}): string {
  const plain = base64 ? Buffer.from(value, "base64").toString() : value;
  if (!plain.includes("PRIVATE KEY-----")) return plain;
  const key = ssh2.utils.parseKey(plain);
  if (key instanceof Error) throw key;
  return `${key.type} ${key.getPublicSSH().toString("base64")}`;
}
