import { describe, expect, it } from "vitest";
import { testFacts } from "../rendering/test-facts.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";
import {
  expectPassword,
  expectQuickInit,
  expectSameAuth,
  expectSameVolumes,
  expectSameWork,
} from "./expectations.ts";
import { fakeHost, startFakeOpenCode } from "./fake-open-code.ts";
import type { Traces } from "./traces.ts";
import { Workspace } from "./workspace.ts";

const volume = { claim: "work", claimUid: "uid-1", volume: "pv-1" };
const left: Traces = {
  session: "ses_1",
  messages: "[]",
  auth: { path: "/home/auth.json", mode: "600", owner: "1000:1000", sha256: "abc" },
  work: {
    directory: "/w",
    remote: "r",
    head: "h",
    unpushed: "u",
    status: "s",
    diff: "d",
    digests: "x",
  },
  volumes: { data: volume, work: volume },
};

describe("expectPassword", () => {
  /** OpenCode answers these statuses without and with credentials. */
  async function ask(without: number, withThem: number): Promise<void> {
    await using server = await startFakeOpenCode(({ authorization }) => ({
      status: authorization === undefined ? without : withThem,
    }));
    const seenBy = (password: string) =>
      new Workspace(
        { name: "opencode-ha", hostname: fakeHost, userName: "opencode", password },
        server.gateway,
      );
    const workspace = {
      name: "opencode-ha",
      user: async () => seenBy("secret"),
      stranger: async () => seenBy(""),
    };
    await expectPassword(workspace as unknown as DeployedWorkspace);
  }

  it("wants 401 without the password and 200 with it", async () => {
    await ask(401, 200);
    await expect(ask(200, 200)).rejects.toThrow("answers 200 without a password, not 401");
    await expect(ask(401, 401)).rejects.toThrow(
      "answers 401 with the password that the Deployment gets, not 200",
    );
  });
});

describe("expectSameVolumes", () => {
  const moved = (change: Partial<typeof volume>) => () =>
    expectSameVolumes("ha", left.volumes, { ...left.volumes, data: { ...volume, ...change } });

  it("passes for the same, tells a new claim from another one", () => {
    expectSameVolumes("ha", left.volumes, structuredClone(left.volumes));
    expect(moved({ claimUid: "uid-2", volume: "pv-2" })).toThrow("the claim was made anew");
    expect(moved({ claim: "other", claimUid: "uid-2" })).toThrow("another claim");
    expect(moved({ volume: "pv-2" })).toThrow("the data of ha was on volume pv-1");
  });
});

describe("expectSameWork", () => {
  it.each([
    ["head", "the last commit"],
    ["unpushed", "the unpushed commits"],
    ["status", "the changed and untracked files"],
    ["digests", "the content of the files"],
  ] as const)("notices another %s", (part, what) => {
    const found = { ...left, work: { ...left.work, [part]: "other" } };
    expect(() => expectSameWork("ha", left, found)).toThrow(
      `${what} in the repository of ha is not as it was left`,
    );
  });

  it("notices another session, and nothing where nothing changed", () => {
    expectSameWork("ha", left, structuredClone(left));
    expect(() => expectSameWork("ha", left, { ...left, messages: "[1]" })).toThrow("the session of ha");
  });
});

describe("expectSameAuth", () => {
  const ha = { name: "ha", facts: testFacts("ha") };
  const found = (change: Partial<Traces["auth"]>) => () =>
    expectSameAuth(ha, left.auth, { ...left.auth, ...change });

  it("wants content, path, mode and owner", () => {
    found({})();
    expect(found({ sha256: "def" })).toThrow("is not the file that it was");
    expect(found({ path: "/elsewhere/auth.json" })).toThrow("is not the file that it was");
    expect(found({ mode: "644" })).toThrow("mode 644 and owner 1000:1000, not 600 and user 1000");
    expect(found({ owner: "0:0" })).toThrow("owner 0:0");
  });

  it("wants the owner that the pod's user is, whoever that is", () => {
    const other = { name: "ha", facts: testFacts("ha", { uid: 568, gid: 568, fsGroup: 100 }) };
    const auth = { ...left.auth, owner: "568:100" };
    expectSameAuth(other, auth, auth);
    expect(() => expectSameAuth(other, left.auth, left.auth)).toThrow("not 600 and user 568");
  });
});

describe("expectQuickInit", () => {
  const ha = { name: "ha", facts: testFacts() };
  const podOf = (seconds: number, container = "git-clone") => {
    const startedAt = new Date("2026-01-01T00:00:00Z");
    const finishedAt = new Date(startedAt.getTime() + seconds * 1_000);
    const terminated = { exitCode: 0, startedAt, finishedAt };
    return {
      metadata: { name: "pod-1" },
      status: {
        initContainerStatuses: [
          { name: container, image: "", imageID: "", ready: true, restartCount: 0, state: { terminated } },
        ],
      },
    };
  };

  it("fails only for what is surely too long, since Kubernetes records whole seconds", () => {
    expectQuickInit(ha, podOf(0));
    expectQuickInit(ha, podOf(2));
    expectQuickInit(ha, podOf(20, "install-tools"));
    expect(() => expectQuickInit(ha, podOf(3))).toThrow("took longer than 2 s: git-clone 3 s");
  });
});
