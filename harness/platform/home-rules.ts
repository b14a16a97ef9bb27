import type { Adaptation } from "../home/index.ts";
import { certificateAuthorityIssuer } from "./cert-manager.ts";
import type { PlatformInputs } from "./component.ts";
import { envoyProxyHere } from "./envoy-gateway.ts";
import { webhookProvider } from "./external-secrets.ts";
import { standInRelease } from "./stand-in-chart.ts";

/** API groups whose kinds the platform serves: what the home has of them is applied as it stands. */
export const servedGroups: ReadonlySet<string> = new Set([
  "",
  "cert-manager.io",
  "external-secrets.io",
  "gateway.envoyproxy.io",
  "gateway.networking.k8s.io",
  "helm.toolkit.fluxcd.io",
  "kustomize.toolkit.fluxcd.io",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "scheduling.k8s.io",
]);

/** Kinds of the home's platform that only its replaced parts would read: their keys are not the workspaces'. */
export const idleKinds: ReadonlySet<string> = new Set([
  "ExternalSecret",
  "Service",
  "PersistentVolumeClaim",
  "PersistentVolume",
  "NetworkPolicy",
  "PodDisruptionBudget",
]);

/** How parts of the home are made fit for containers. */
export function homeAdaptations(inputs: Pick<PlatformInputs, "images" | "store">): Adaptation[] {
  const replaceSpec = (value: object) => [{ op: "replace", path: "/spec", value }];
  return [
    {
      group: "helm.toolkit.fluxcd.io",
      kind: "HelmRelease",
      patch: replaceSpec(standInRelease),
      how: "stand-in",
    },
    {
      group: "cert-manager.io",
      kind: "ClusterIssuer",
      patch: replaceSpec(certificateAuthorityIssuer),
      how: "stand-in",
      where: (spec) => "acme" in spec,
    },
    {
      group: "gateway.envoyproxy.io",
      kind: "EnvoyProxy",
      patch: { apiVersion: "gateway.envoyproxy.io/v1alpha1", ...envoyProxyHere(inputs) },
      how: "adapted",
    },
    ...(inputs.store === "webhook"
      ? [
          {
            group: "external-secrets.io",
            kind: "ClusterSecretStore",
            patch: [{ op: "replace", path: "/spec/provider", value: webhookProvider }],
            how: "adapted" as const,
            where: (spec: Record<string, unknown>) => "doppler" in ((spec.provider ?? {}) as object),
          },
        ]
      : []),
  ];
}
