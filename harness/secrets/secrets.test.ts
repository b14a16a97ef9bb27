import { describe, expect, it } from "vitest";
import type { WorkspaceFacts } from "../rendering/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { expectPutRight } from "./by-hand.ts";
import { makerOf } from "./external-secret.ts";
import { conditions, externalSecretOf, fakeCluster } from "./fake-cluster.ts";
import { durationMs, isNever, letIntervalPass, looksAgain } from "./interval.ts";
import { expectOneOwner } from "./one-owner.ts";
import { Restarts } from "./restarts.ts";

const { signal } = new AbortController();

describe("an interval", () => {
  it.each([
    ["30m", 1_800_000],
    ["1h30m0s", 5_400_000],
    ["0", 0],
    ["0s", 0],
    ["500ms", 500],
  ])("of %s is %i ms", (text, ms) => expect(durationMs(text)).toBe(ms));

  it.each([
    ["0", true],
    ["0h0m0s", true],
    ["0h30m", false],
  ])("of %s means never: %s", (text, expected) => expect(isNever(text)).toBe(expected));

  it("has passed once the last refresh lies further back than that", async () => {
    const status = { refreshTime: "2026-03-01T12:00:00Z" };
    const { written, workspace } = fakeCluster([
      externalSecretOf({ spec: { refreshInterval: "30m" }, status }),
    ]);
    expect(await letIntervalPass(workspace)).toEqual({ interval: "30m", looksAgain: true });
    expect(written).toMatchObject([
      { how: "status", object: { status: { refreshTime: "2026-03-01T11:29:59Z" } } },
    ]);
  });
});

describe("External Secrets looks again", () => {
  it.each([
    [{}, true],
    [{ refreshInterval: "30m", refreshPolicy: "Periodic" }, true],
    [{ refreshInterval: "0" }, false],
    [{ refreshInterval: "0s" }, false],
    [{ refreshInterval: "30m", refreshPolicy: "CreatedOnce" }, false],
    [{ refreshInterval: "30m", refreshPolicy: "OnChange" }, false],
  ])("%j: %s", (spec, looks) => expect(looksAgain(spec)).toBe(looks));
});

describe("the owner of a Secret", () => {
  const ready = { conditions: conditions("True", "SecretSynced") };

  it("is one ExternalSecret that has synced", async () => {
    const { workspace } = fakeCluster([externalSecretOf({ status: ready })]);
    await expectOneOwner(workspace, signal);
  });

  it("is one beside which another merges a key of its own", async () => {
    const target = { name: testFacts().externalSecrets[0]?.secret, creationPolicy: "Merge" };
    const { workspace } = fakeCluster([
      externalSecretOf({ status: ready }),
      externalSecretOf({ name: "second", spec: { target }, status: ready }),
    ]);
    await expectOneOwner(workspace, signal);
  });

  it("is not two of them", async () => {
    const { workspace } = fakeCluster([
      externalSecretOf({ status: ready }),
      externalSecretOf({ name: "second", status: ready }),
    ]);
    await expect(expectOneOwner(workspace, signal)).rejects.toThrow(
      /should have one owner, .* and second all make it/,
    );
  });

  it.each([
    ["has failed", conditions("False", "SecretSyncedError")],
    ["waits for a Secret that somebody else makes", conditions("True", "SecretMissing")],
  ])("is none that %s, in its own words", async (_what, told) => {
    const { workspace } = fakeCluster([externalSecretOf({ status: { conditions: told } })]);
    await expect(expectOneOwner(workspace, signal)).rejects.toMatchObject({
      message: expect.stringContaining("should make its Secret, and does not"),
      details: expect.stringContaining(`${told[0]?.reason} is told`),
    });
  });
});

describe("of several ExternalSecrets", () => {
  const made = (secret: string, ...keys: string[]) => ({ name: secret, secret, keys, finds: [] });
  const of = (more: Partial<WorkspaceFacts>) =>
    makerOf(fakeCluster([], testFacts("ha", { externalSecrets: all, ...more })).workspace).secret;
  const all = [made("git", "USER", "TOKEN"), made("server", "PASSWORD"), made("login", "AUTH")] as never;
  const login = { how: "written", container: "seed", source: { secret: "login" } } as const;
  const password = { source: { secret: "server", key: "PASSWORD" }, userName: "opencode" };

  it("the password's is looked at, else the login's, else the one with the most keys", () => {
    expect(of({ login, password })).toBe("server");
    expect(of({ login, password: undefined })).toBe("login");
    expect(of({ login: undefined, password: undefined })).toBe("git");
  });
});

describe("restarts", () => {
  const workload = (generation: number) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "opencode-flux", namespace: "opencode", generation },
  });

  it("are counted from the moment on", async () => {
    const deployment = workload(4);
    const { workspace } = fakeCluster([deployment]);
    const restarts = await Restarts.since([workspace]);
    await restarts.expect(workspace, 0, "by nobody");
    deployment.metadata.generation = 6;
    await expect(restarts.expect(workspace, 1, "for one change")).rejects.toThrow(
      "should be restarted once for one change, and was 2 times",
    );
  });
});

describe("a Secret that was made by hand", () => {
  const secret = (value: string) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "opencode-flux-secret", namespace: "opencode" },
    data: { PASSWORD: value },
  });

  it("replaces the one that is there, and is told when it stays", async () => {
    const stored = secret("cmlnaHQ=");
    const { written, workspace } = fakeCluster([stored]);
    await expectPutRight(workspace, signal);
    expect(written.map(({ how }) => how)).toEqual(["remove", "create"]);
    expect(written[1]?.object.data).not.toEqual(stored.data);
  });
});
