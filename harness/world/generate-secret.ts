import { randomBytes } from "node:crypto";
import { HarnessError } from "../base/index.ts";
import type { DopplerKey } from "../home/index.ts";

/** A fresh value of this shape: a GitHub token, a password, OpenCode's auth.json, or a word. */
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
  if (shape === "ssh-key") {
    throw new HarnessError("the harness serves git over HTTPS with a token, not over SSH", {
      code: "environment",
      remedy: "clone with a personal access token over HTTPS (manifests/README.md)",
    });
  }
  return random();
}
