import { describe, expect, it } from "vitest";
import type { StepSurroundings } from "../base/index.ts";
import type { AnyObject } from "../cluster/index.ts";
import type { DopplerControl } from "../internet/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { conditions, externalSecretOf, fakeCluster, secretOf } from "./fake-cluster.ts";
import { expectBackByItself, expectToldMissing, takeKeyAway } from "./missing-key.ts";

const first = { TEAM_EDITOR: "vi", TEAM_PASSWORD: "first-password", OTHER_PAT: "ghp_1" };
const second = { TEAM_EDITOR: "ed", TEAM_PASSWORD: "second-password", OTHER_PAT: "ghp_2" };
const nobody = testFacts("opencode-flux", {
  externalSecrets: testFacts().externalSecrets.map((one) => ({ ...one, keys: [] })),
});

async function takenFrom(objects: AnyObject[]) {
  const faults: unknown[] = [];
  const fault = async (...now: unknown[]) => void faults.push(now);
  const { written, workspace } = fakeCluster(objects, nobody);
  const stage = {
    doppler: { fault } as unknown as DopplerControl,
    secrets: async () => ({ first, second }),
  };
  return { lost: await takeKeyAway(stage, workspace), faults, written };
}

describe("the key that is taken away", () => {
  it("is the first that the ExternalSecret of the cluster names, though the tree named none", async () => {
    const { lost, faults, written } = await takenFrom([
      externalSecretOf({
        spec: {
          data: [{ secretKey: "pat", remoteRef: { key: "OTHER_PAT" } }],
          dataFrom: [{ find: { path: "TEAM_" } }],
        },
      }),
      secretOf({ pat: "ghp_1", OPENCODE_SERVER_PASSWORD: "first-password" }),
    ]);
    expect(lost).toMatchObject({ key: "OTHER_PAT", isNamed: true, inPod: ["opencode-flux-secret", "pat"] });
    expect(faults).toEqual([[{ kind: "missing-key", key: "OTHER_PAT" }]]);
    expect(written.map(({ how }) => how)).toEqual(["remove"]);
  });

  it("is the document that is taken apart", async () => {
    const spec = { dataFrom: [{ extract: { key: "TEAM_PASSWORD" } }] };
    const { lost } = await takenFrom([externalSecretOf({ spec })]);
    expect(lost).toMatchObject({ key: "TEAM_PASSWORD", isNamed: true });
  });

  it("is the password's where all are found, whatever it was rewritten to", async () => {
    const rewrite = [{ regexp: { source: "TEAM_", target: "OPENCODE_SERVER_" } }];
    const { lost } = await takenFrom([
      externalSecretOf({ spec: { dataFrom: [{ find: { name: { regexp: "^TEAM_" } }, rewrite }] } }),
      secretOf({ OPENCODE_SERVER_EDITOR: "ed", OPENCODE_SERVER_PASSWORD: "second-password" }),
    ]);
    expect(lost).toMatchObject({
      key: "TEAM_PASSWORD",
      isNamed: false,
      inPod: ["opencode-flux-secret", "OPENCODE_SERVER_PASSWORD"],
    });
  });

  it("is none where nothing of Doppler's is asked for", async () => {
    const spec = { dataFrom: [{ find: { path: "NOBODY_" } }] };
    await expect(takenFrom([externalSecretOf({ spec })])).rejects.toThrow(
      "the ExternalSecret of opencode-flux asks for no key of Doppler's",
    );
  });
});

describe("a key that was only found", () => {
  const lost = { key: "TEAM_PASSWORD", isNamed: false, inPod: ["opencode-flux-secret", "PASSWORD"] };
  const context = { signal: new AbortController().signal, progress: { note() {} } };
  const surroundings = context as unknown as StepSurroundings;
  const event = (message: string): AnyObject =>
    ({ kind: "Event", type: "Warning", involvedObject: { kind: "Pod" }, message }) as AnyObject;

  /** A workspace that has a pod all the time; only who tells what is looked at here. */
  function workspaceWith(objects: AnyObject[]) {
    const { workspace, written } = fakeCluster(objects, nobody);
    workspace.readyPod = async () => ({ metadata: { name: "old" } });
    workspace.deletePod = async () => {};
    return { workspace, written };
  }

  it("is missed by the pod alone", async () => {
    const { workspace } = workspaceWith([event("references non-existent secret key: PASSWORD")]);
    await expectToldMissing(workspace, lost, surroundings);
  });

  it("is a failure where nobody misses it, with the way to hear of it", async () => {
    const { workspace } = workspaceWith([event("something else")]);
    await expect(expectToldMissing(workspace, lost, surroundings)).rejects.toMatchObject({
      message: expect.stringContaining("nobody says that TEAM_PASSWORD is missing in Doppler"),
      remedy: expect.stringContaining("name the key under data"),
    });
  });

  it("comes back with the interval", async () => {
    const refreshed = (refreshTime: string) =>
      externalSecretOf({ status: { refreshTime, conditions: conditions("True", "SecretSynced") } });
    const { workspace, written } = workspaceWith([refreshed(new Date(Date.now() + 60_000).toISOString())]);
    await expectBackByItself(workspace, lost, surroundings);
    expect(written.map(({ how }) => how)).toEqual(["status"]);
    const late = workspaceWith([refreshed("2026-01-01T00:00:00Z")]);
    await expect(expectBackByItself(late.workspace, lost, surroundings)).rejects.toThrow(
      "should come once TEAM_PASSWORD is in Doppler, and does not",
    );
  });
});
