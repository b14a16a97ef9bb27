// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import { added, certificate, type Edit, expectFound, expectSilence, policy, text } from "../test-check.ts";

const route = (name: string, kind: string, spec: string, version = "gateway.networking.k8s.io/v1alpha2") =>
  added(
    `${name}.yaml`,
    `apiVersion: ${version}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: opencode }\nspec:\n  ${spec}\n`,
  );

const record = (annotations: string, host = "ha.opencode.${SECRET_DOMAIN}") =>
  added(
    "record.yaml",
    `apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: { name: record, annotations: ${annotations} }
spec:
  endpoints:
    - { dnsName: "${host}", recordType: CNAME, targets: [external.example.org] }
`,
  );

const extension = (name: string, what: string): Edit =>
  route(
    name,
    "EnvoyExtensionPolicy",
    `targetRefs: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, name: opencode-ha }]\n  ${what}`,
    "gateway.envoyproxy.io/v1alpha1",
  );

const certified = (line: string) => text(certificate, "  issuerRef:\n", `  ${line}\n  issuerRef:\n`);

const ingress =
  "rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: NAME, port: { number: 4096 } } } }] } }]";

const tunnel = (service: string) =>
  added(
    "tunnel.yaml",
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: cloudflared }\ndata:\n  config.yaml: |\n    ingress:\n      - hostname: code.example.org\n        service: ${service}\n`,
  );

it("finds other ways to a workspace, and who reads on the way", () =>
  expectFound("manifests", [
    [
      route(
        "tcp",
        "TCPRoute",
        "parentRefs: [{ name: envoy-external, namespace: network }]\n  rules: [{ backendRefs: [{ name: opencode-ha, port: 4096 }] }]",
      ),
      "side-way",
      /opencode-ha/,
      /nobody ends TLS/,
    ],
    [
      route("in", "Ingress", ingress.replace("NAME", "opencode-ha"), "networking.k8s.io/v1"),
      "side-way",
      /opencode-ha/,
      /Ingress in leads to opencode-ha/,
    ],
    [
      tunnel("http://opencode-ha.opencode.svc.cluster.local:4096"),
      "side-way",
      /opencode-ha/,
      /ConfigMap cloudflared leads a tunnel/,
    ],
    [
      record('{ external-dns.home.arpa/enabled: "true" }'),
      "record-written",
      /dnsName/,
      /publish ha\.opencode/,
    ],
    [
      extension(
        "lua",
        "lua: [{ type: Inline, inline: \"function envoy_on_request(h) h:logInfo(h:headers():get('authorization')) end\" }]",
      ),
      "request-read",
      /lua/,
      /header with the password/,
    ],
    [
      extension(
        "wasm",
        "wasm: [{ name: x, code: { type: HTTP, http: { url: https://example.org/x.wasm } } }]",
      ),
      "request-read",
      /wasm/,
      /see every request/,
    ],
    [
      text(
        policy,
        "  timeout:\n",
        "  telemetry: { tracing: { customTags: { login: { type: RequestHeader, requestHeader: { name: authorization } } } } }\n  timeout:\n",
      ),
      "request-read",
      /authorization/,
      /logs or traces/,
    ],
    [certified("renewBeforePercentage: 99"), "renewed-at-once", /Percentage: 99/, /again and again/],
    [certified("privateKey: { algorithm: RSA, size: 1024 }"), "never-issued", /privateKey/, /RSA 1024/],
  ]));

it("finds a renewal on nearly every day", () =>
  expectFound("manifests", [
    [certified("renewBefore: 2150h"), "renewed-at-once", /2150h/, /Let's Encrypt refuses/],
  ]));

it("has nothing against ways to others, and headers that nobody minds", () =>
  expectSilence("manifests", [
    route("in", "Ingress", ingress.replace("NAME", "other"), "networking.k8s.io/v1"),
    tunnel("http://envoy-internal.network.svc:80"),
    record("{}"),
    certified("renewBeforePercentage: 33"),
    certified("privateKey: { algorithm: ECDSA, size: 384 }"),
    text(
      policy,
      "  timeout:\n",
      "  telemetry: { tracing: { customTags: { agent: { type: RequestHeader, requestHeader: { name: user-agent } } } } }\n  timeout:\n",
    ),
  ]));
