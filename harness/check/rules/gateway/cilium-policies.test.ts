import { it } from "vitest";
import { added, type Edit, expectFound, expectSilence } from "../test-check.ts";

const ha = "{ matchLabels: { app.kubernetes.io/name: opencode-ha } }";

const policy = (name: string, spec: string, kind = "CiliumNetworkPolicy"): Edit =>
  added(
    `${name}.yaml`,
    `apiVersion: cilium.io/v2
kind: ${kind}
metadata: { name: ${name}${kind === "CiliumNetworkPolicy" ? ", namespace: opencode" : ""} }
spec:
${spec.replaceAll(/^(?=.)/gm, "  ")}`,
  );

const clusterwide = "CiliumClusterwideNetworkPolicy";

const ofNamespace = "{ matchLabels: { k8s:io.kubernetes.pod.namespace: opencode } }";

const dns = `{ toEndpoints: [{ matchLabels: { k8s:io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns } }], toPorts: [{ ports: [{ port: "53", protocol: ANY }], rules: { dns: [{ matchPattern: "*" }] } }] }`;

const plainDns = dns.replace(/, rules: \{[^}]*\}\] \}/, "");

it.each<[string, string, string, RegExp, string?]>([
  [
    "lets its own in",
    `endpointSelector: ${ha}\ningress:\n  - fromEndpoints: [${ha}]\n`,
    "closed-to-gateway",
    /no traffic of the Gateway/,
  ],
  [
    "lets nobody in",
    `endpointSelector: ${ofNamespace}\ningress: [{}]\n`,
    "closed-to-gateway",
    /namespace network/,
    clusterwide,
  ],
  [
    "lets another port in",
    `endpointSelector: ${ha}\ningress:\n  - fromEntities: [cluster]\n    toPorts: [{ ports: [{ port: "8080" }] }]\n`,
    "closed-to-gateway",
    /opencode-ha/,
  ],
  [
    "lets pods of its own namespace in",
    `endpointSelector: {}\ningress:\n  - fromEndpoints: [{}]\n`,
    "closed-to-gateway",
    /pod\.namespace/,
  ],
  [
    "lets addresses in",
    `endpointSelector: {}\ningress:\n  - fromCIDR: [10.0.0.0/8]\n`,
    "closed-to-gateway",
    /no traffic/,
  ],
  [
    "denies the cluster",
    `endpointSelector: ${ha}\ningressDeny:\n  - fromEntities: [cluster]\n`,
    "closed-to-gateway",
    /no traffic/,
  ],
])("finds a policy of Cilium that %s", (_, spec, rule, words, kind) =>
  expectFound("manifests", [[policy("own", spec, kind), rule, /ingress/, words]]),
);

it.each<[string, string, RegExp]>([
  ["the cluster alone", "[{ toEntities: [cluster] }]", /GitHub/],
  ["the world alone", "[{ toEntities: [world] }]", /DNS/],
  [
    "DNS of its own namespace",
    '[{ toEndpoints: [{ matchLabels: { k8s-app: kube-dns } }], toPorts: [{ ports: [{ port: "53" }] }] }, { toEntities: [world] }]',
    /DNS/,
  ],
  [
    "names whose addresses nobody sees",
    `[${plainDns}, { toFQDNs: [{ matchName: github.com }] }]`,
    /rules\.dns/,
  ],
])("finds a policy of Cilium that lets out to %s", (_, egress, words) =>
  expectFound("manifests", [
    [policy("out", `endpointSelector: ${ha}\negress: ${egress}\n`), "closed-outwards", /egress/, words],
  ]),
);

it("has nothing against policies of Cilium that let the Gateway in, and workspaces out", () =>
  expectSilence("manifests", [
    policy(
      "in",
      `endpointSelector: {}\ningress:\n  - fromEndpoints: [{ matchLabels: { k8s:io.kubernetes.pod.namespace: network, app.kubernetes.io/name: envoy } }]\n    toPorts: [{ ports: [{ port: "4096", protocol: TCP }] }]\n`,
    ),
    policy("own", `endpointSelector: ${ha}\ningress:\n  - fromEndpoints: [{}]\n`),
    policy(
      "out",
      `endpointSelector: ${ha}\negress: [${dns}, { toFQDNs: [{ matchPattern: "*.githubcopilot.com" }] }]\n`,
    ),
    policy("others", "endpointSelector: { matchLabels: { app: other } }\ningress: [{}]\negress: [{}]\n"),
    policy("node", "nodeSelector: {}\ningress: [{}]\n", clusterwide),
    policy("dns-seen", `endpointSelector: {}\nenableDefaultDeny: { egress: false }\negress: [${dns}]\n`),
    policy(
      "nobody-from-outside",
      `endpointSelector: ${ofNamespace}\ningressDeny: [{ fromEntities: [world] }]\n`,
      clusterwide,
    ),
  ]));

it("has nothing against names that a node answers, and one half of the world", () =>
  expectSilence("manifests", [
    policy(
      "out",
      `endpointSelector: ${ha}\negress: [{ toEntities: [host, remote-node], toPorts: [{ ports: [{ port: "53" }] }] }, { toEntities: [world-ipv4] }]\n`,
    ),
  ]));

it("has nothing against what Cilium adds to a policy of Kubernetes", () =>
  expectSilence("manifests", [
    added(
      "plain.yaml",
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: plain }\nspec:\n  podSelector: {}\n  policyTypes: [Ingress]\n",
    ),
    policy("in", "endpointSelector: {}\ningress: [{ fromEntities: [cluster] }]\n"),
  ]));
