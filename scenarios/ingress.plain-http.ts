import type { Tree } from "../harness/index.ts";
import { addManifest, addToGateway, domain, workspaces } from "./edits.ts";

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
  addToGateway(tree, "http.yaml", workspaces.map(route).join(""));
  addManifest(tree, "opencode-flux", "grant.yaml", grant);
}
