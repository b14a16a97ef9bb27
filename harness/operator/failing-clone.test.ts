import { describe, expect, it } from "vitest";
import type { Wait } from "../cluster/index.ts";
import type { GitHubControl } from "../internet/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import {
  expectToldWhy,
  holdClones,
  leftWorking,
  refuseTokens,
  takeCloneAway,
  untilInitFails,
} from "./failing-clone.ts";

const { signal } = new AbortController();

/** A workspace and github.com that write down what is done to them. */
function stage({ objects = [] as object[], log = "" } = {}) {
  const acts: string[] = [];
  const workspace = {
    name: "opencode-flux",
    cluster: {
      wait: async ({ until }: Wait<unknown>) => until(objects as Parameters<typeof until>[0]),
    },
    user: async () => ({
      api: { get: async () => ({ directory: "/workspace/k8s" }) },
      openSession: async () => ({
        run: async (command: string) => {
          acts.push(`run ${command}`);
          return "https://github.com/jbaker/k8s.git\n";
        },
      }),
    }),
    pods: async () => ["a pod"],
    deletePod: async (pod: string, grace?: number) => void acts.push(`delete ${pod} ${grace}`),
    diagnose: async () => log,
  } as unknown as DeployedWorkspace;
  const github = {
    setTokens: async (repository: string, tokens: object) =>
      void acts.push(`${repository} takes ${Object.keys(tokens).join() || "nobody"}`),
    forgetRequests: async () => void acts.push("forget"),
    fault: async (...faults: object[]) => void acts.push(JSON.stringify(faults)),
    requests: async () => [{ outcome: "pending" }],
  } as unknown as GitHubControl;
  return { acts, github, clone: { workspace, repository: "jbaker/k8s", directory: "/workspace/k8s" } };
}

const pod = (name: string, exitCode: number, restartCount = 1, running = false) => ({
  metadata: { name },
  status: {
    initContainerStatuses: [
      {
        name: "git-clone",
        restartCount,
        ...(running
          ? { state: { running: {} }, lastState: { terminated: { exitCode } } }
          : { state: { terminated: { exitCode } } }),
      },
    ],
  },
});

it("a clone is taken away, and what it was is known", async () => {
  const { acts, clone } = stage();
  expect(await takeCloneAway(clone.workspace)).toEqual(clone);
  expect(acts).toEqual([
    "run sed -n 's/^[[:space:]]*url = //p' '/workspace/k8s/.git/config' && cd / && rm -rf '/workspace/k8s'",
  ]);
});

it("tokens are refused until that is disposed of", async () => {
  const { acts, github } = stage();
  {
    await using _refusal = await refuseTokens(github, "jbaker/k8s", { PAT: "x" });
    expect(acts).toEqual(["jbaker/k8s takes nobody"]);
  }
  expect(acts.at(-1)).toBe("jbaker/k8s takes PAT");
});

it("clones are held: a new pod each, and one stall for each repository", async () => {
  const { acts, github, clone } = stage();
  await holdClones(github, [clone], signal);
  expect(acts).toEqual([
    "forget",
    '[{"kind":"stall","afterBytes":300000,"times":1,"repository":"jbaker/k8s"}]',
    "delete a pod 0",
  ]);
});

describe("a clone has failed", () => {
  it("when it ended with an exit code twice", async () => {
    const { clone } = stage({ objects: [pod("opencode-flux-1", 128)] });
    expect(await untilInitFails(clone, signal)).toMatchObject({
      ready: expect.stringContaining("git-clone of pod opencode-flux-1 ended 2 times"),
    });
  });

  it.each([
    ["when it succeeded", pod("opencode-flux-1", 0)],
    ["when it failed once", pod("opencode-flux-1", 1, 0)],
    ["while it tries again", pod("opencode-flux-1", 1, 1, true)],
    ["when it is another workspace's", pod("opencode-ha-1", 1)],
  ])("not %s", async (_when, object) => {
    const { clone } = stage({ objects: [object] });
    expect(await untilInitFails(clone, signal)).toHaveProperty("waiting");
  });
});

it("what is left works: no fault, and no pod that waits for its next try", async () => {
  const { acts, github, clone } = stage();
  const ready = { status: { conditions: [{ type: "Ready", status: "True" }] } };
  const pods = async () => ["a pod", ready];
  await leftWorking(github, [{ ...clone.workspace, pods } as unknown as DeployedWorkspace])[
    Symbol.asyncDispose
  ]();
  expect(acts).toEqual(["[]", "delete a pod 0"]);
});

it("a failed clone says why", async () => {
  await expectToldWhy(stage({ log: "fatal: Authentication failed for 'https://github.com/x'" }).clone);
  await expect(expectToldWhy(stage({ log: "exit 1" }).clone)).rejects.toThrow("does not say why it failed");
});
