import type { Home } from "./open-home.ts";
import type { ReplacementRules } from "./replacements.ts";

/** Rules for unit tests: the kinds that any home has are served, and releases become stand-ins. */
export function homeRules({ needs }: Pick<Home, "needs">): ReplacementRules {
  return {
    served: new Set([
      "",
      "cert-manager.io",
      "external-secrets.io",
      "gateway.envoyproxy.io",
      "gateway.networking.k8s.io",
    ]),
    idle: new Set(["ExternalSecret"]),
    adaptations: [
      {
        group: "helm.toolkit.fluxcd.io",
        kind: "HelmRelease",
        patch: [{ op: "replace", path: "/spec", value: {} }],
        how: "stand-in",
      },
    ],
    gateways: needs.gateways,
    sources: new Set(["GitRepository flux-system/home-kubernetes"]),
  };
}
