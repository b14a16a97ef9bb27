import { randomBytes } from "node:crypto";
import { addSecret } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import { generateSecret, wantedSecrets } from "./wanted-secrets.ts";
import { type WorkspaceRepository, workspaceRepositories } from "./workspace-repositories.ts";

/** Every secret of a run, made for it and known to the redactor. */
export interface Credentials {
  /** With which Flux reads, and the harness pushes, the GitOps repositories. */
  gitToken: string;
  /** Service token of Doppler's config. */
  dopplerToken: string;
  /** Doppler's content: key to value. */
  dopplerSecrets: Record<string, string>;
  /** The repositories that workspaces clone, each with the tokens (name to value) that open it. */
  repositories: { repository: string; tokens: Record<string, string> }[];
}

export function newCredentials(tree: Tree): Credentials {
  const wanted = wantedSecrets(tree);
  const dopplerSecrets = Object.fromEntries(wanted.map((secret) => [secret.key, generateSecret(secret)]));
  const gitToken = `ghp_${randomBytes(18).toString("hex")}`;
  const dopplerToken = `dp.st.prd.${randomBytes(20).toString("hex")}`;
  for (const [key, value] of Object.entries({ ...dopplerSecrets, gitToken, dopplerToken }))
    addSecret(key, value);
  for (const { key, isBase64 } of wanted) {
    const value = dopplerSecrets[key] ?? "";
    const plain = isBase64 ? Buffer.from(value, "base64").toString() : value;
    addSecret(key, plain); // what the workspace makes of it is as secret as what Doppler holds
    addTokensInside(plain);
  }
  const tokensOf = ({ tokenKeys }: WorkspaceRepository) =>
    Object.fromEntries(tokenKeys.map((key) => [key, dopplerSecrets[key] ?? ""]));
  const repositories = workspaceRepositories(tree, wanted).map((found) => ({
    repository: found.repository,
    tokens: tokensOf(found),
  }));
  return { gitToken, dopplerToken, dopplerSecrets, repositories };
}

/** The OAuth tokens inside an auth.json are secrets of their own: they leak without the JSON around them. */
function addTokensInside(value: string): void {
  for (const [token] of value.matchAll(/gho_\w+|tid=\w+/g)) addSecret("copilot token", token);
}
