import type { Tree } from "../gitops/index.ts";
import type { WantedSecret } from "./wanted-secrets.ts";

/** A private repository that a workspace clones, and the Doppler keys whose values open it. */
export interface WorkspaceRepository {
  /** `owner/name` on github.com. */
  repository: string;
  /** Doppler keys of the personal access tokens that stand beside its HelmRelease. */
  tokenKeys: string[];
}

const cloneUrl = /https:\/\/(?:[^@\s/"']+@)?github\.com\/([\w.-]+\/[\w.-]+?)(?:\.git)?(?=["'\s]|$)/gm;

/**
 * The repositories that the HelmReleases under kubernetes/apps/opencode clone. A workspace's tokens are those that
 * an ExternalSecret of the same directory asks for; if there are none, all tokens of the tree.
 */
export function workspaceRepositories(tree: Tree, wanted: WantedSecret[]): WorkspaceRepository[] {
  const found = new Map<string, WorkspaceRepository>();
  const tokens = wanted.filter(({ key }) => /PAT$|TOKEN$/.test(key));
  for (const { path } of tree.objects("HelmRelease")) {
    if (!path.includes("apps/opencode/")) continue;
    const directory = path.slice(0, path.lastIndexOf("/"));
    const beside = tokens.filter((token) => token.path.startsWith(`${directory}/`));
    const tokenKeys = (beside.length > 0 ? beside : tokens).map(({ key }) => key);
    for (const [, repository] of tree.text(path).matchAll(cloneUrl)) {
      if (repository) found.set(repository, { repository, tokenKeys });
    }
  }
  return [...found.values()];
}
