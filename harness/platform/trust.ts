import type { KubeObject } from "./component.ts";

const directory = "/etc/harness-ca";

/** The harness's CA as an object that pods of this namespace mount. */
export function trustedCa(namespace: string, certPem: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "harness-ca", namespace },
    data: { "ca.crt": certPem },
  };
}

/** Parts of a pod whose Go programs shall trust that CA, and no other: there is no other in the cluster's internet. */
export const caTrust = {
  env: [{ name: "SSL_CERT_FILE", value: `${directory}/ca.crt` }],
  volumeMounts: [{ name: "harness-ca", mountPath: directory, readOnly: true }],
  volumes: [{ name: "harness-ca", configMap: { name: "harness-ca" } }],
};
