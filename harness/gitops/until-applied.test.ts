import { describe, expect, it } from "vitest";
import { HarnessError } from "../base/index.ts";
import type { Wait } from "../cluster/index.ts";
import type { FluxObject } from "./flux-state.ts";
import { reconcile } from "./reconcile.ts";
import { untilApplied } from "./until-applied.ts";

const revision = "main@sha1:abc";

function flux(kind: string, name: string, ready: string, more: object = {}): FluxObject {
  return {
    kind,
    metadata: { name, namespace: "flux-system", generation: 1 },
    spec: { sourceRef: { name: "home-kubernetes" } },
    status: {
      observedGeneration: 1,
      conditions: [
        {
          type: "Ready",
          status: ready,
          reason: "Said",
          message: `${name} speaks`,
          lastTransitionTime: "2026-01-01T00:00:05Z",
        },
      ],
      ...more,
    },
  };
}

const source = flux("GitRepository", "home-kubernetes", "True", {
  artifact: { revision, lastUpdateTime: "2026-01-01T00:00:01Z" },
});
const applied = (name: string) =>
  flux("Kustomization", name, "True", { lastAppliedRevision: revision, lastAttemptedRevision: revision });

/** A cluster that never changes: a wait ends at once, or when it is aborted. */
function still(objects: FluxObject[]) {
  const all = async ({
    kind,
    name,
    labelSelector,
  }: {
    kind: string;
    name?: string;
    labelSelector?: string;
  }) => {
    // Each release here bears the name of the Kustomization that applied it.
    const wanted = name ?? /name=([^,]+)/.exec(labelSelector ?? "")?.[1];
    return objects.filter((object) => object.kind === kind && (!wanted || object.metadata?.name === wanted));
  };
  const wait = async <T>(asked: Wait<T>): Promise<T> => {
    const verdict = asked.until((await all(asked)) as never);
    if ("ready" in verdict) return verdict.ready;
    if ("waiting" in verdict) {
      if (!asked.signal?.aborted)
        await new Promise((resolve) => asked.signal?.addEventListener("abort", resolve));
      throw new HarnessError("interrupted", { code: "interrupted" });
    }
    const details = await asked.diagnose?.();
    throw new HarnessError(verdict.stuck, { code: "failed", details: details ?? "" });
  };
  return { wait, objects: { all } } as unknown as Parameters<typeof untilApplied>[0];
}

const namespace = "flux-system";
const entry = {
  source: { namespace, name: "home-kubernetes" },
  parents: [{ namespace, name: "cluster-apps" }],
};
const options = { revision, entry, timeoutMs: 1000 };

describe("waiting for a revision", () => {
  it("ends with the revision that Flux reports", async () => {
    const cluster = still([
      source,
      applied("cluster-apps"),
      applied("opencode-flux"),
      flux("HelmRelease", "opencode-flux", "True"),
    ]);
    await expect(untilApplied(cluster, options)).resolves.toBe(revision);
  });

  const checking = flux("Kustomization", "opencode-flux", "Unknown", { lastAttemptedRevision: revision });

  it("ends with the failed release although its Kustomization still checks its health", async () => {
    const message = `Running health checks for revision ${revision} with a timeout of 10m0s`;
    const conditions = [
      ...(checking.status?.conditions ?? []),
      { type: "Healthy", status: "Unknown", message },
    ];
    const cluster = still([
      source,
      applied("cluster-apps"),
      { ...checking, status: { ...checking.status, conditions } },
      flux("HelmRelease", "opencode-flux", "False"),
    ]);
    const failure = untilApplied(cluster, options);
    await expect(failure).rejects.toThrow(
      "HelmRelease flux-system/opencode-flux: Said: opencode-flux speaks",
    );
    await expect(failure).rejects.toMatchObject({
      details: expect.stringContaining("Kustomization flux-system/opencode-flux: Said"),
    });
  });

  it("takes no notice of a failed release before this revision's is applied", async () => {
    const interrupt = new AbortController();
    const cluster = still([
      source,
      applied("cluster-apps"),
      checking,
      flux("HelmRelease", "opencode-flux", "False"),
    ]);
    const waiting = untilApplied(cluster, { ...options, signal: interrupt.signal });
    setTimeout(() => interrupt.abort(), 50);
    await expect(waiting).rejects.toMatchObject({ code: "interrupted" });
  });

  it("ends with a dependency that nothing of the tree brings", async () => {
    const waiting = flux("Kustomization", "opencode-flux", "False");
    const conditions = [
      {
        type: "Ready",
        status: "False",
        reason: "DependencyNotReady",
        message: "dependency 'flux-system/rook' not found: gone",
      },
    ];
    const cluster = still([source, applied("cluster-apps"), { ...waiting, status: { conditions } }]);
    await expect(untilApplied(cluster, options)).rejects.toThrow(
      /opencode-flux: .*'flux-system\/rook' not found/,
    );
  });

  it("passes over what is suspended", async () => {
    const suspended = { ...flux("Kustomization", "media", "False"), spec: { suspend: true } };
    const cluster = still([source, applied("cluster-apps"), applied("opencode-flux"), suspended]);
    await expect(untilApplied(cluster, options)).resolves.toBe(revision);
  });

  it("ends when it is interrupted", async () => {
    const interrupt = new AbortController();
    const waiting = untilApplied(still([]), { ...options, signal: interrupt.signal });
    interrupt.abort();
    await expect(waiting).rejects.toMatchObject({ code: "interrupted" });
  });
});

it("asks Flux to look now by its annotation", async () => {
  const merged: object[] = [];
  const objects = { merge: async (object: object) => void merged.push(object) } as unknown as Parameters<
    typeof reconcile
  >[0];
  await reconcile(objects, [{ kind: "GitRepository", name: "home-kubernetes" }]);
  expect(merged).toEqual([
    {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      metadata: {
        name: "home-kubernetes",
        namespace: "flux-system",
        annotations: { "reconcile.fluxcd.io/requestedAt": expect.stringMatching(/^20/) },
      },
    },
  ]);
});
