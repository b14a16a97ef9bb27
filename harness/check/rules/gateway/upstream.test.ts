// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import {
  added,
  type Edit,
  expectFound,
  expectNothing,
  flux,
  fluxRelease,
  gateways,
  issuer,
  type Mistake,
  namespace,
  release,
  text,
  traffic,
} from "../test-check.ts";

const policies = (name: string, egress: string) =>
  added(
    `${name}.yaml`,
    `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name} }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: ${name} } }
  policyTypes: [Egress]
  egress: ${egress}
`,
  );

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what Envoy and the network are told": [
    "manifests",
    [
      [
        traffic("  healthCheck: { active: { type: HTTP, http: { path: / } } }\n"),
        "taken-for-dead",
        /healthCheck/,
        /answers 401/,
      ],
      [traffic("  httpUpgrade: [{ type: CONNECT }]\n"), "no-web-socket", /httpUpgrade/, /no WebSocket/],
      [traffic("  useClientProtocol: true\n"), "other-protocol", /useClientProtocol/, /HTTP\/2/],
      [traffic("  proxyProtocol: { version: V2 }\n"), "other-protocol", /proxyProtocol/, /PROXY/],
      [
        added(
          "tls.yaml",
          `apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: { name: tls }
spec:
  targetRefs: [{ group: "", kind: Service, name: opencode-ha }]
  validation: { hostname: ha.example.org, wellKnownCACertificates: System }
`,
        ),
        "other-protocol",
        /opencode-ha/,
        /TLS ends at the Gateway/,
      ],
      [
        added(
          "egress.yaml",
          `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: out }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: opencode-ha } }
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: 443 }] }]
`,
        ),
        "closed-outwards",
        /gress/,
        /DNS/,
      ],
      [
        text(fluxRelease, "            sectionName: https\n", "            port: 80\n"),
        "route-refused",
        /port: 80/,
        /its own namespace/,
      ],
      [
        text(release, "name: envoy-internal", "name: envoy-external"),
        "opened",
        /envoy-external/,
        /outside of the house/,
      ],
      [
        text(issuer, "      - dns01:\n", "      - http01: { ingress: {} }\n        was:\n"),
        "name-unproved",
        /http01/,
        /wildcard by DNS only/,
      ],
    ],
  ],
  "listeners for others, and issuers without their key": [
    "manifests",
    [
      [
        text(gateways, "      protocol: HTTPS\n", '      protocol: HTTPS\n      hostname: "*.example.org"\n'),
        "route-refused",
        /hostname/,
        /answers for ha\.opencode/,
      ],
      [
        text(issuer, 'dnsZones: ["${SECRET_DOMAIN}"]', "dnsZones: [example.org]"),
        "name-unproved",
        /dnsZones/,
        /no solver/,
      ],
      [
        text(issuer, "key: api-token", "key: token"),
        "issuer-secret-missing",
        /key: token/,
        /nobody in the tree makes/,
      ],
      [
        text(namespace, "  labels:\n", "  labels:\n    pod-security.kubernetes.io/enforce: restricted\n"),
        "pod-refused",
        /securityContext/,
        /allowPrivilegeEscalation: false/,
      ],
      [
        text(release, "              allowPrivilegeEscalation: false\n", ""),
        "pod-refused",
        /securityContext/,
        /restricted pods only/,
      ],
      [
        text(release, "repository: ghcr.io/anomalyco/opencode", "repository: ghcr.io/anomalyco/OpenCode"),
        "image-refused",
        /image/,
        /small letters/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "what Envoy and the network may be told": [
    "manifests",
    [
      traffic("  healthCheck: { active: { type: HTTP, http: { path: /site.webmanifest } } }\n"),
      traffic("  httpUpgrade: [{ type: websocket }, { type: CONNECT }]\n"),
      traffic("  useClientProtocol: false\n"),
      text(
        flux("app/backendtrafficpolicy.yaml"),
        "  timeout:\n",
        "  healthCheck: { active: { type: HTTP, http: { path: /, expectedStatuses: [200, 401] } } }\n  timeout:\n",
      ),
      text(release, "            sectionName: https\n", "            port: 443\n"),
      text(
        gateways,
        "      protocol: HTTPS\n",
        '      protocol: HTTPS\n      hostname: "*.${SECRET_DOMAIN}"\n',
      ),
      text(issuer, '        selector:\n          dnsZones: ["${SECRET_DOMAIN}"]\n', ""),
      policies("opencode-ha", "[{}]"),
      policies(
        "opencode-flux",
        "[{ ports: [{ port: 53, protocol: UDP }] }, { to: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: 443 }] }]",
      ),
      added(
        "hpa.yaml",
        `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: one }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: opencode-ha }
  maxReplicas: 1
`,
      ),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectNothing(tree, edits);
});
