import type { V1Container } from "@kubernetes/client-node";
import type { SecretKey } from "../workspace-facts.ts";
import { readableSecrets } from "./readable-secrets.ts";
import type { Workload } from "./workload.ts";

/** The Secret keys that a piece of a container's script reads: by the path of a mounted file, or by a variable. */
export function secretsNamedIn(text: string, workload: Workload, container: V1Container): SecretKey[] {
  const readable = readableSecrets(workload, container);
  const used = new Set([...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, variable]) => variable));
  return readable.flatMap(({ secret, key, variable, path }) => {
    if (variable !== undefined) return used.has(variable) && key !== undefined ? [{ secret, key }] : [];
    if (path !== undefined && key !== undefined) return text.includes(path) ? [{ secret, key }] : [];
    if (path !== undefined) return keysBelow(path, text).map((file) => ({ secret, key: file }));
    return [...used]
      .filter((name) => name !== undefined && isFree(name, container))
      .map((name) => ({ secret, key: name }));
  });
}

/** The files below a directory that the text names. */
function keysBelow(directory: string, text: string): string[] {
  const parts = text.split(`${directory.replace(/\/$/, "")}/`).slice(1);
  return parts.flatMap((rest) => /^[\w.-]+/.exec(rest)?.[0] ?? []);
}

/** Of no variable that the manifest sets, and written as Secrets' keys are: `envFrom` may have brought it. */
function isFree(name: string, { env }: V1Container): boolean {
  return /^[A-Z][A-Z0-9_]*_[A-Z0-9_]+$/.test(name) && !env?.some((variable) => variable.name === name);
}
