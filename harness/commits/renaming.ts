import type { Tree } from "../gitops/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";

interface Renamed {
  metadata: { name: string };
  spec: {
    postBuild?: { substitute?: Record<string, string> };
    commonMetadata?: { labels?: Record<string, string> };
  };
}

/**
 * A commit that renames the workspace's Flux Kustomization, as an editor does it that knows the anchor: its name, and
 * whatever in it is the same name (`APP`, the common label). What it brings keeps the names that are written out.
 */
export function renameKustomization({ kustomization }: WorkspaceFacts, tree: Tree): void {
  const { name } = kustomization;
  const next = `${name}-renamed`;
  tree.editObject({ kind: "Kustomization", name }, (object) => {
    const { metadata, spec } = object as unknown as Renamed;
    metadata.name = next;
    for (const names of [spec.postBuild?.substitute, spec.commonMetadata?.labels]) {
      for (const [key, value] of Object.entries(names ?? {})) if (value === name && names) names[key] = next;
    }
  });
}
