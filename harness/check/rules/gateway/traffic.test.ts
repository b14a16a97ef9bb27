import { it } from "vitest";
import {
  added,
  certificate,
  type Edit,
  expectFound,
  expectSilence,
  issuer,
  type Mistake,
  policy,
  release,
  text,
  traffic,
} from "../test-check.ts";

const inRule = (line: string) =>
  text(
    release,
    "                port: 4096\n    pers",
    `                port: 4096\n            ${line}\n    pers`,
  );
const security = (name: string, lines: string) =>
  added(
    `${name}.yaml`,
    `apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata: { name: ${name} }
spec:
  targetRefs: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, name: opencode-ha }]
${lines}`,
  );

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what the Gateway is told": [
    "manifests",
    [
      [
        traffic(
          "  rateLimit:\n    type: Local\n    local: { rules: [{ limit: { requests: 10, unit: Second } }] }\n",
        ),
        "rate-limited",
        /rateLimit|requests/,
        /429/,
      ],
      [traffic("  circuitBreaker: { maxParallelRequests: 2 }\n"), "circuit-broken", /circuit/, /503/],
      [traffic("  retry: { retryOn: { triggers: [5xx, connect-failure] } }\n"), "sent-twice", /5xx/, /twice/],
      [traffic("  faultInjection: { delay: { fixedDelay: 2s } }\n"), "fault-injected", /fault/, /purpose/],
      [traffic("  requestBuffer: { limit: 4Ki }\n"), "body-refused", /4Ki/, /413/],
      [
        text(policy, "      name: opencode-ha\n", "      name: opencode-ha\n      sectionName: app\n"),
        "policy-of-nothing",
        /sectionName/,
        /no part of that name/,
      ],
      [security("closed", "  authorization: { defaultAction: Deny }\n"), "nobody-let-in", /Deny/, /no rule/],
      [
        security("locked", "  basicAuth: { users: { name: users } }\n"),
        "policy-secret-missing",
        /users/,
        /opencode\/users/,
      ],
      [
        security("double", "  basicAuth: { users: { name: opencode-ha-secret } }\n"),
        "two-passwords",
        /basicAuth/,
        /own/,
      ],
      [
        inRule(
          "filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: /oc } } }]\n            timeouts: { backendRequest: 30s }",
        ),
        "request-changed",
        /urlRewrite/,
        /below \/ only/,
      ],
      [() => {}, "stream-cut", /backendRequest/, /30s/],
      [
        text(certificate, "spec:\n", "spec:\n  renewBefore: 2160h\n"),
        "renewed-at-once",
        /renewBefore/,
        /again and again/,
      ],
      [text(issuer, "acme-v02", "acme-staging-v02"), "certificate-of-trials", /letsencrypt/, /no browser/],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** What looks like it, and is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "traffic that is let through": [
    "manifests",
    [
      traffic(
        "  rateLimit:\n    type: Local\n    local: { rules: [{ limit: { requests: 1000, unit: Second } }] }\n",
      ),
      traffic("  circuitBreaker: { maxParallelRequests: 1024 }\n"),
      traffic("  retry: { numRetries: 2, retryOn: { triggers: [connect-failure, refused-stream] } }\n"),
      security(
        "house",
        "  authorization: { defaultAction: Deny, rules: [{ action: Allow, principal: { clientCIDRs: [10.0.0.0/8] } }] }\n",
      ),
      inRule(
        "filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: X-Of, value: house }] } }]\n            timeouts: { request: 0s, backendRequest: 0s }",
      ),
      // Where only OpenCode's settings know the port.
      text(release, '--hostname, 0.0.0.0, --port, "4096"]', "--hostname, 0.0.0.0]"),
      text(
        release,
        "            port: 4096\n            # Pitfall 4.",
        "            port: 4096\n            targetPort: 8080\n            # Pitfall 4.",
      ),
      text(release, "                    port: 4096\n", "                    port: 8080\n"),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectSilence(tree, edits);
});
