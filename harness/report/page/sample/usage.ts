import type { PodUsage } from "../run-page-data.ts";
import { ms } from "./seconds.ts";

/** What pods used, every five seconds. */
export function usageOf(beginAt: number): PodUsage[] {
  const pod = (
    namespace: string,
    name: string,
    from: number,
    until: number,
    bytes: (s: number) => number,
    cpu: (s: number) => number,
    limitBytes?: number,
  ): PodUsage => ({
    namespace,
    pod: name,
    ...(limitBytes === undefined ? {} : { limitBytes }),
    samples: Array.from({ length: Math.floor((until - from) / 5) }, (_, index): [number, number, number] => {
      const second = index * 5;
      return [beginAt + ms(from + second), Math.round(bytes(second)), Math.round(cpu(second))];
    }),
  });
  const openCode = (second: number) => 1e6 * (286 - 240 * Math.exp(-second / 9) + 9 * Math.sin(second / 11));
  const starting = (second: number) => 40 + 460 * Math.exp(-((second - 6) ** 2) / 40);
  const limit = 512 * 1024 ** 2;
  return [
    pod("opencode", "opencode-flux-6d5f7c9b4-x2x4z", 58, 71, openCode, starting, limit),
    pod("opencode", "opencode-flux-6d5f7c9b4-8vq2p", 71, 226, openCode, starting, limit),
    pod("opencode", "opencode-flux-6d5f7c9b4-ttq8c", 228, 247, openCode, starting, limit),
    pod("opencode", "opencode-ha-7c9d8b6f5-b7k2x", 58, 227, openCode, starting, limit),
    pod("opencode", "opencode-ha-7c9d8b6f5-zk4lp", 229, 247, openCode, starting, limit),
    pod(
      "network",
      "envoy-network-envoy-internal-5f7b8c9d64-h2k9q",
      34,
      247,
      (s) => 1e6 * (61 + s / 40),
      () => 24,
    ),
    pod(
      "flux-system",
      "kustomize-controller-7d8f9b6c5d-mm2qk",
      10,
      247,
      (s) => 1e6 * (74 + 12 * Math.sin(s / 20)),
      (s) => 60 + 40 * Math.sin(s / 9),
    ),
    pod(
      "flux-system",
      "helm-controller-6c9d8b7f64-xk2vl",
      10,
      247,
      (s) => 1e6 * (92 + 30 * Math.exp(-(((s - 50) / 18) ** 2))),
      (s) => 50 + 30 * Math.sin(s / 5),
    ),
    pod(
      "cert-manager",
      "cert-manager-5c8f7d9b64-pp2lq",
      16,
      247,
      () => 58e6,
      () => 12,
    ),
  ];
}
