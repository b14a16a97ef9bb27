import { expect, it } from "vitest";
import { HarnessError } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { untilTrouble } from "./event-trouble.ts";
import { misplacedSecret, missingSecret } from "./misplaced-secret.ts";

const waits = {
  reason: "FailedMount",
  message: 'MountVolume.SetUp failed for volume "github-pat" : secret "opencode-flux-secret" not found',
  involvedObject: { kind: "Pod", name: "opencode-flux-1" },
};

/** A cluster whose pod waits, and whose ExternalSecret for that name is in these namespaces. */
function clusterWith(namespaces: string[], creationPolicy = "Owner"): Cluster {
  return {
    async wait({ until }: { until: (objects: unknown[]) => { ready?: unknown } }) {
      const { ready } = until([waits]);
      if (ready === undefined) throw new HarnessError("nothing came", { code: "interrupted" });
      return ready;
    },
    objects: {
      all: async () =>
        namespaces.map((namespace) => ({
          metadata: { name: "any", namespace },
          spec: { target: { name: "opencode-flux-secret", creationPolicy } },
        })),
    },
  } as unknown as Cluster;
}
const options = { namespace: "opencode", signal: new AbortController().signal, timeoutMs: 1_000 };

it("reads which Secret a pod waits for", () => {
  expect(missingSecret(waits)).toBe("opencode-flux-secret");
  expect(missingSecret({ ...waits, involvedObject: { kind: "ExternalSecret" } })).toBeUndefined();
});

it("ends when the Secret is made in another namespace", async () => {
  await expect(untilTrouble(clusterWith(["network"]), misplacedSecret, options)).rejects.toThrow(
    'pod opencode/opencode-flux-1 waits for secret "opencode-flux-secret" not found there: ExternalSecret network/any makes it in another namespace',
  );
});

it("ends when the Secret is to be made by somebody else", async () => {
  await expect(untilTrouble(clusterWith(["opencode"], "Merge"), misplacedSecret, options)).rejects.toThrow(
    "not found there: ExternalSecret opencode/any makes none (creationPolicy: Merge)",
  );
});

it.each([
  ["is made in the pod's namespace, however late", ["opencode"]],
  ["is made in both", ["network", "opencode"]],
  ["is made by nobody whom it knows", []],
])("goes on where the Secret %s", async (_what, namespaces) => {
  await expect(untilTrouble(clusterWith(namespaces), misplacedSecret, options)).rejects.toThrow(
    "nothing came",
  );
});
