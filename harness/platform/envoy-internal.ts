import type { Component, KubeObject, PlatformInputs } from "./component.ts";
import { networkNamespace } from "./envoy-gateway.ts";

const gateway = "envoy-internal";

/** The gateway that the workspaces' routes name, its wildcard certificate and the redirect to HTTPS. */
export const envoyInternal: Component = {
  name: "envoy-internal",
  objects: (inputs: PlatformInputs) => [
    wildcardCertificate(inputs.domain),
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: gateway, namespace: networkNamespace },
      spec: {
        gatewayClassName: "envoy",
        listeners: [
          { name: "http", protocol: "HTTP", port: 80, allowedRoutes: { namespaces: { from: "Same" } } },
          {
            name: "https",
            protocol: "HTTPS",
            port: 443,
            allowedRoutes: { namespaces: { from: "All" } },
            tls: { mode: "Terminate", certificateRefs: certificateRefs(inputs) },
          },
        ],
      },
    },
    ...grants(inputs),
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: "https-redirect", namespace: networkNamespace },
      spec: {
        parentRefs: [{ name: gateway, namespace: networkNamespace, sectionName: "http" }],
        rules: [
          { filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] },
        ],
      },
    },
  ],
  ledger: () => [
    {
      part: "gateway-wide BackendTrafficPolicy",
      production:
        "a policy that selects gateways and lifts the request timeout; the seeds say that routes of the opencode namespace do not get it",
      here: "none: routes have Envoy's own 15 s unless a policy of their namespace says otherwise",
      why: "it must not mask that a workspace lacks its own policy",
      hides: "a conflict between the two policies",
    },
  ],
};

function wildcardName(domain: string): string {
  return `${domain.replace(".", "-")}-production-tls`;
}

function wildcardCertificate(domain: string): KubeObject {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: wildcardName(domain).replace(/-tls$/, ""), namespace: networkNamespace },
    spec: {
      secretName: wildcardName(domain),
      issuerRef: { name: "letsencrypt-production", kind: "ClusterIssuer" },
      commonName: domain,
      dnsNames: [domain, `*.${domain}`],
    },
  };
}

/** As at home, the wildcard covers one label only; the workspaces' certificate stands beside it. */
function certificateRefs({ domain, gatewayCertificates }: PlatformInputs): object[] {
  const wildcard = { namespace: networkNamespace, name: wildcardName(domain) };
  return [wildcard, ...gatewayCertificates].map((secret) => ({ kind: "Secret", ...secret }));
}

/** A listener may read another namespace's secret only where a grant says so. */
function grants({ gatewayCertificates }: PlatformInputs): KubeObject[] {
  const elsewhere = gatewayCertificates.filter(({ namespace }) => namespace !== networkNamespace);
  return elsewhere.map(({ namespace, name }) => ({
    apiVersion: "gateway.networking.k8s.io/v1beta1",
    kind: "ReferenceGrant",
    metadata: { name: `${gateway}-${name}`, namespace },
    spec: {
      from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: networkNamespace }],
      to: [{ group: "", kind: "Secret", name }],
    },
  }));
}
