import { isWholeHome, Tree } from "../gitops/index.ts";

/** The least that a home cluster has around its apps. */
const files: [string, string][] = [
  [
    "kubernetes/flux/apps.yaml",
    `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: cluster-apps
  namespace: flux-system
spec:
  interval: 30m
  path: ./kubernetes/apps
  prune: true
  sourceRef:
    kind: GitRepository
    name: home-kubernetes
  patches:
    - patch: |
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata:
          name: any
        spec:
          postBuild:
            substituteFrom:
              - kind: ConfigMap
                name: cluster-settings
              - kind: Secret
                name: cluster-secrets
      target:
        group: kustomize.toolkit.fluxcd.io
        kind: Kustomization
        labelSelector: substitution.flux.home.arpa/disabled notin (true)
`,
  ],
  [
    "kubernetes/flux/cluster.yaml",
    `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: cluster
  namespace: flux-system
spec:
  interval: 30m
  path: ./kubernetes/flux
  prune: true
  sourceRef:
    kind: GitRepository
    name: home-kubernetes
`,
  ],
  [
    "kubernetes/flux/settings.yaml",
    `apiVersion: v1
kind: ConfigMap
metadata:
  name: cluster-settings
  namespace: flux-system
data:
  TIMEZONE: Etc/UTC
---
apiVersion: v1
kind: Secret
metadata:
  name: cluster-secrets
  namespace: flux-system
stringData:
  SECRET_DOMAIN: home.example
`,
  ],
];

/** A tree of apps with an entry for Flux; a whole repository as it is. For tests. */
export function inBareHome(tree: Tree): Tree {
  if (isWholeHome(tree)) return tree;
  const home = Tree.of(files);
  return new Tree([...home.files, ...tree.files]);
}
