import { describe, expect, it } from "vitest";
import {
  allOf,
  every,
  type FluxObject,
  hasApplied,
  hasRevision,
  isFetched,
  isReleased,
  saidSince,
} from "./flux-state.ts";

const revision = "main@sha1:new";
const old = "main@sha1:old";

type Status = NonNullable<FluxObject["status"]>;

function object(kind: string, status: Status, name = "opencode-flux"): FluxObject {
  return {
    kind,
    metadata: { name, namespace: "opencode", generation: 2 },
    status: { observedGeneration: 2, ...status },
  };
}

function says(status: "True" | "False" | "Unknown", reason: string, message = ""): Status {
  return {
    conditions: [{ type: "Ready", status, reason, message, lastTransitionTime: "2026-01-01T00:00:10Z" }],
  };
}

/** What came of the spec before this one, written down when this one was there already. */
const late: Status = {
  observedGeneration: 1,
  lastAppliedRevision: revision,
  conditions: [{ type: "Ready", status: "True", reason: "Succeeded", message: "", observedGeneration: 2 }],
};

it.each([
  ["Kustomization", hasApplied(revision)],
  ["HelmRelease", isReleased],
  ["OCIRepository", isFetched],
])("a %s is not ready by what its controller made of the spec before this one", (kind, judge) => {
  expect(judge(object(kind, late))).toHaveProperty("waiting");
  expect(judge(object(kind, { ...late, observedGeneration: 2 }))).toHaveProperty("ready");
});

const kustomization = (status: Status) => hasApplied(revision)(object("Kustomization", status));

describe("a Kustomization", () => {
  it("is ready when it has applied this revision", () => {
    const status = {
      ...says("True", "ReconciliationSucceeded"),
      lastAppliedRevision: revision,
      lastAttemptedRevision: revision,
    };
    expect(kustomization(status)).toHaveProperty("ready");
  });

  it("is not ready with an earlier revision", () => {
    const status = {
      ...says("True", "ReconciliationSucceeded"),
      lastAppliedRevision: old,
      lastAttemptedRevision: old,
    };
    expect(kustomization(status)).toHaveProperty("waiting");
  });

  it("is not ready before it has looked at its last spec", () => {
    const status = {
      ...says("True", "ReconciliationSucceeded"),
      lastAppliedRevision: revision,
      observedGeneration: 1,
    };
    expect(kustomization(status)).toHaveProperty("waiting");
  });

  it.each([
    ["BuildFailed", "kustomize build failed: accumulating resources"],
    ["ReconciliationFailed", "PersistentVolumeClaim/opencode/opencode-flux dry-run failed (Invalid)"],
    ["HealthCheckFailed", "failed early due to stalled resources"],
  ])("is stuck, in Flux's own words, on %s of this revision", (reason, message) => {
    const status = { ...says("False", reason, message), lastAttemptedRevision: revision };
    expect(kustomization(status)).toEqual({
      stuck: `Kustomization opencode/opencode-flux: ${reason}: ${message}`,
    });
  });

  it.each([
    ["a failure of an earlier revision", { ...says("False", "BuildFailed"), lastAttemptedRevision: old }],
    [
      "a failure by a spec that this revision has replaced",
      { ...says("False", "BuildFailed"), lastAttemptedRevision: revision, observedGeneration: 1 },
    ],
    ["a dependency", { ...says("False", "DependencyNotReady"), lastAttemptedRevision: revision }],
    ["an artifact on its way", says("False", "ArtifactFailed", "Source artifact not found, retrying in 1s")],
    ["its own progress", { ...says("Unknown", "Progressing"), lastAttemptedRevision: revision }],
    ["its first word", {}],
  ])("waits for %s", (_what, status) => {
    expect(kustomization(status)).toHaveProperty("waiting");
  });

  it("is stuck on a path that this revision does not have", () => {
    const { conditions = [] } = says("False", "ArtifactFailed", "kustomization path not found: stat /tmp/x");
    const reconciling = {
      type: "Reconciling",
      status: "True",
      message: `Fetching manifests for revision ${revision} with`,
    };
    expect(kustomization({ conditions: [...conditions, reconciling] })).toHaveProperty("stuck");
    expect(kustomization({ conditions })).toHaveProperty("waiting");
  });
});

describe("a HelmRelease", () => {
  it("is ready when its last spec is installed", () => {
    expect(isReleased(object("HelmRelease", says("True", "InstallSucceeded")))).toHaveProperty("ready");
    expect(
      isReleased(object("HelmRelease", { ...says("True", "InstallSucceeded"), observedGeneration: 1 })),
    ).toHaveProperty("waiting");
  });

  it("is stuck on a failed installation, and waits for its chart", () => {
    const failed = object("HelmRelease", says("False", "InstallFailed", "execution error at (app-template)"));
    expect(isReleased(failed)).toEqual({
      stuck: "HelmRelease opencode/opencode-flux: InstallFailed: execution error at (app-template)",
    });
    expect(isReleased(object("HelmRelease", says("False", "SourceNotReady")))).toHaveProperty("waiting");
  });

  it("goes on after a rollback, until no attempt is left", () => {
    const { conditions = [] } = says("False", "RollbackSucceeded");
    expect(isReleased(object("HelmRelease", { conditions }))).toHaveProperty("waiting");
    const stalled = { type: "Stalled", status: "True", reason: "RetriesExceeded", observedGeneration: 2 };
    expect(isReleased(object("HelmRelease", { conditions: [...conditions, stalled] }))).toHaveProperty(
      "stuck",
    );
  });

  it("is stuck on a failure of its last spec although it tries again", () => {
    const ready = { type: "Ready", status: "False", reason: "UpgradeFailed", observedGeneration: 2 };
    expect(isReleased(object("HelmRelease", { observedGeneration: 1, conditions: [ready] }))).toHaveProperty(
      "stuck",
    );
    const earlier = { ...ready, observedGeneration: 1 };
    expect(
      isReleased(object("HelmRelease", { observedGeneration: 1, conditions: [earlier] })),
    ).toHaveProperty("waiting");
  });

  it("is judged by what it said since a moment only, if so asked", () => {
    const failed = object("HelmRelease", says("False", "InstallFailed"));
    expect(saidSince("2026-01-01T00:00:11Z", isReleased)(failed)).toHaveProperty("waiting");
    expect(saidSince("2026-01-01T00:00:10Z", isReleased)(failed)).toHaveProperty("stuck");
  });
});

describe("a source", () => {
  it("is stuck on a tag that the registry does not have, and waits for a registry that does not answer", () => {
    const missing = says(
      "False",
      "OCIArtifactPullFailed",
      "failed to determine digest: MANIFEST_UNKNOWN: unknown tag=9.9.9",
    );
    expect(isFetched(object("OCIRepository", missing))).toHaveProperty("stuck");
    const silent = says("False", "OCIArtifactPullFailed", "dial tcp: lookup ghcr.io: no such host");
    expect(isFetched(object("OCIRepository", silent))).toHaveProperty("waiting");
  });

  it("is ready with the very revision, and stuck where Flux has stalled", () => {
    const judge = hasRevision(revision);
    expect(judge(object("GitRepository", { artifact: { revision } }))).toHaveProperty("ready");
    expect(judge(object("GitRepository", { artifact: { revision: old } }))).toHaveProperty("waiting");
    const { conditions = [] } = says("False", "URLInvalid", "bad URL");
    const stalled = { conditions: [...conditions, { type: "Stalled", status: "True" }] };
    expect(judge(object("GitRepository", stalled))).toHaveProperty("stuck");
  });
});

describe("several objects", () => {
  const ready = { ...says("True", "ReconciliationSucceeded"), lastAppliedRevision: revision };

  it("are waited for by name, the missing ones too", () => {
    const names = ["a", "b"].map((name) => ({ namespace: "opencode", name }));
    const until = allOf(names, hasApplied(revision));
    expect(until([object("Kustomization", ready, "a")])).toEqual({ waiting: "b is not there" });
    const both = ["a", "b"].map((name) => object("Kustomization", ready, name));
    expect(until(both)).toEqual({ ready: both });
  });

  it("are stuck as soon as one is", () => {
    const until = every(isReleased);
    const objects = [object("HelmRelease", {}), object("HelmRelease", says("False", "UpgradeFailed"))];
    expect(until(objects)).toHaveProperty("stuck");
  });
});
