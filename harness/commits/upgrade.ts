import { addPatch, type Tree } from "../gitops/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";

/**
 * A change of a workspace that leaves its work alone and gives it a new pod: an annotation of its pods. It comes as a patch
 * of its Flux Kustomization, which says the same of a HelmRelease, a Deployment and a StatefulSet in any layout.
 */
export function annotatePods({ release, workload, kustomization }: WorkspaceFacts, tree: Tree): void {
  const annotations = { "harness/upgraded": "through-git" };
  const [target, spec] = release
    ? [
        { group: "helm.toolkit.fluxcd.io", kind: "HelmRelease" },
        { values: { defaultPodOptions: { annotations } } },
      ]
    : [{ group: "apps", kind: workload.kind }, { template: { metadata: { annotations } } }];
  const apiVersion = release ? "helm.toolkit.fluxcd.io/v2" : "apps/v1";
  const patch = JSON.stringify({ apiVersion, kind: target.kind, metadata: { name: "any" }, spec });
  addPatch(tree, kustomization.name, { patch, target });
}
