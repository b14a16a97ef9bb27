import type { Tree } from "../harness/index.ts";

const workspaces = ["opencode-flux", "opencode-ha"];
const app = "kubernetes/apps/opencode/opencode-flux/app";
const certificateApp = "kubernetes/apps/opencode/opencode-certificate/app";
// biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
const domain = "${SECRET_DOMAIN}";

/** A manifest in this directory, and its line in the kustomization below that of `first`. */
export function addManifest(tree: Tree, directory: string, first: string, file: string, text: string): void {
  tree.add(`${directory}/${file}`, text);
  tree.replaceText(`${directory}/kustomization.yaml`, `  - ./${first}\n`, `  - ./${first}\n  - ./${file}\n`);
}

/** The same host without TLS, "so that the old bookmark works too": the grant lets it reach the other namespace. */
export function plainHttp(tree: Tree): void {
  const route = (workspace: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: ${workspace}-http
  namespace: network
spec:
  parentRefs:
    - name: envoy-internal
      namespace: network
      sectionName: http
  hostnames:
    - "${workspace.replace("opencode-", "")}.opencode.${domain}"
  rules:
    - backendRefs:
        - name: ${workspace}
          namespace: opencode
          port: 4096
`;
  const grant = `---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata:
  name: http
  namespace: opencode
spec:
  from:
    - group: gateway.networking.k8s.io
      kind: HTTPRoute
      namespace: network
  to:
    - group: ""
      kind: Service
`;
  addManifest(tree, certificateApp, "certificate.yaml", "http.yaml", workspaces.map(route).join(""));
  addManifest(tree, app, "helmrelease.yaml", "grant.yaml", grant);
}
