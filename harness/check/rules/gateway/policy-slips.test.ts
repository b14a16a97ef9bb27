import { it } from "vitest";
import {
  type Edit,
  expectFound,
  expectSilence,
  fluxRelease,
  type Mistake,
  manifest,
  policy,
  release,
  text,
  traffic,
} from "../test-check.ts";

const port = (lines: string, file = release) =>
  text(
    file,
    "            port: 4096\n            # Pitfall 4.",
    `            port: 4096\n            ${lines}\n            # Pitfall 4.`,
  );
const envoy = "gateway.envoyproxy.io/v1alpha1";
const target = (name = "opencode-ha") =>
  `  targetRefs: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, name: ${name} }]\n`;
const chosen =
  (label: string): Edit =>
  (tree) => {
    const before = tree.text(policy);
    const selector = `  targetSelectors:\n    - group: gateway.networking.k8s.io\n      kind: HTTPRoute\n      matchLabels:\n        ${label}\n`;
    tree.replaceText(policy, before, before.replace(/ {2}targetRefs:[\s\S]*?(?= {2}timeout:)/, selector));
  };

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what policies choose and ask": [
    "manifests",
    [
      [chosen("app: opencode"), "policy-chooses-nothing", /matchLabels/, /app: opencode, and there is none/],
      [
        manifest(
          "jwt.yaml",
          envoy,
          "SecurityPolicy",
          `${target()}  jwt: { providers: [{ name: home, remoteJWKS: { uri: "https://auth.example/jwks" } }] }\n`,
        ),
        "not-for-browsers",
        /jwt/,
        /JSON Web Token/,
      ],
      [
        manifest(
          "key.yaml",
          envoy,
          "SecurityPolicy",
          `${target("opencode-flux")}  apiKeyAuth: { credentialRefs: [{ name: keys }], extractFrom: [{ headers: [X-Key] }] }\n  extAuth: { http: { backendRefs: [{ name: authelia, port: 80 }] } }\n`,
        ),
        "not-for-browsers",
        /apiKeyAuth/,
        /API key/,
      ],
      [() => {}, "not-for-browsers", /credentialRefs/, /opencode\/keys/],
      [() => {}, "policy-asks-nobody", /authelia/, /Service opencode\/authelia before OpenCode/],
      [port("protocol: UDP"), "service", /protocol/, /for UDP/],
      [
        text(
          fluxRelease,
          "        controller: opencode-flux\n",
          "        controller: opencode-flux\n        externalIPs: [192.168.1.5]\n",
        ),
        "service",
        /externalIPs/,
        /192\.168\.1\.5 of its own/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** What looks like it, and is right. */
const right: Record<string, Edit[]> = {
  "policies that choose a route, and ask who is there": [
    chosen("app.kubernetes.io/name: opencode-ha"),
    manifest(
      "jwt.yaml",
      envoy,
      "SecurityPolicy",
      `${target()}  jwt: { optional: true, providers: [{ name: home, remoteJWKS: { uri: "https://auth.example/jwks" } }] }\n  extAuth: { http: { backendRefs: [{ name: authelia, namespace: network, port: 80 }] } }\n`,
    ),
    traffic(
      "  responseOverride: [{ match: { statusCodes: [{ type: Value, value: 503 }] }, response: { body: { type: Inline, inline: wait } } }]\n",
    ),
    port("protocol: TCP"),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});
