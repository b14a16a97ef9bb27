import type { RunResult } from "../../result.ts";
import { sampleResult } from "./result.ts";

/** Of mutants: most are caught, one of each other outcome. */
export function sampleMutants(): RunResult {
  const names: Record<string, string[]> = {
    persistence: [
      "password-left-out",
      "other-user-name",
      "data-on-empty-dir",
      "auth-by-root",
      "no-fs-group",
      "clone-at-every-start",
      "cloned-twice",
      "directory-instead-of-git",
      "auth-seeded-at-every-start",
      "key-not-in-doppler",
      "values-of-older-chart",
      "other-data-directory",
      "secret-in-other-namespace",
      "route-by-ingress",
    ],
    drain: [
      "pinned-to-node",
      "no-grace-period",
      "rolling-update",
      "two-replicas",
      "host-path",
      "claim-of-the-release",
    ],
    websocket: ["request-timeout", "idle-timeout", "policy-in-other-namespace", "no-app-protocol"],
    ingress: [
      "no-password",
      "no-challenge",
      "certificate-for-apex",
      "http-without-redirect",
      "wrong-listener",
      "wrong-port",
      "header-removed",
    ],
  };
  const odd: Record<string, RunResult["mutants"][number]["outcome"]> = {
    "two-replicas": "missed",
    "header-removed": "caught for the wrong reason",
    "route-by-ingress": "not applicable",
  };
  const mutants = Object.entries(names).flatMap(([scenario, list]) =>
    list.map((mutant, index) => ({
      scenario,
      mutant,
      title: mutant.replaceAll("-", " "),
      ...(index % 3 === 0 ? {} : { pitfall: 1 + (index % 12) }),
      outcome: odd[mutant] ?? ("caught" as const),
      why:
        odd[mutant] === "missed"
          ? 'every step passed; "each workspace is one pod" should have failed'
          : "expected the volume pvc-1, the new pod has an emptyDir (pitfall 6)",
      ms: 9_000 + index * 1_300,
    })),
  );
  const { egress: _, ...result } = sampleResult();
  return { ...result, runId: "20261121-1403-mutants-ab12", command: "mutants", scenarios: [], mutants };
}
