import type { Tree } from "../gitops/index.ts";
import { BuildDirectories } from "./build-directories.ts";
import { KustomizationWalk } from "./kustomization-walk.ts";
import { localTree, type RemoteBase } from "./local-tree.ts";
import type { RenderOptions } from "./render-options.ts";
import { renderReleases } from "./render-releases.ts";
import type { RenderedTree, RenderProblem } from "./rendered-tree.ts";
import { sameSources, sourcesIn, sourcesOfFiles } from "./substitution-sources.ts";

/** How often what is substituted may change what is substituted elsewhere; a home needs two rounds. */
const maxRounds = 5;

/**
 * What Flux and Helm would apply of a tree: every Kustomization that is reached from the entry, built by the real kustomize,
 * with Flux's substitution and decryption, and the objects of those HelmReleases whose chart is app-template, by the real
 * helm. Starts no cluster and asks no network. What cannot be rendered is a problem in the result, never an error.
 */
export async function renderTree(whole: Tree, options: RenderOptions): Promise<RenderedTree> {
  const { tree, remote } = localTree(whole);
  await using directories = await BuildDirectories.of(tree);
  const walk = new KustomizationWalk(tree, directories, {
    ...options,
    remote: remote.map(({ file }) => file),
  });
  let sources = sourcesOfFiles(tree, options.secretValue);
  let found = await walk.from(sources);
  for (let round = 1; round < maxRounds; round += 1) {
    const next = sourcesIn(found.kustomizations);
    if (sameSources(sources, next)) break;
    sources = next;
    found = await walk.from(sources);
  }
  const rendered = await renderReleases(found, options);
  return { ...rendered, problems: [...rendered.problems, ...remote.map(notSeen)] };
}

function notSeen({ file, line, address }: RemoteBase): RenderProblem {
  return { kind: "remote", message: `${address} is not in the tree: what is in it is not seen`, file, line };
}
