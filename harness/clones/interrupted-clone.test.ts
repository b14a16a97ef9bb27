import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { HarnessError } from "../base/index.ts";
import type { GitHubControl } from "../internet/index.ts";
import { fakeBeside } from "../workspace/fake-beside.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { expectWholeClone, interruptClone } from "./interrupted-clone.ts";

const clone = { repository: "jbaker/k8s-cluster", directory: "/work/k8s cluster" };
const revision = "0123456789abcdef0123456789abcdef01234567";

/** A workspace and github.com that write down what is done to them. */
function stage(answer: (command: string) => string = () => "") {
  const acts: string[] = [];
  const { pod, cluster, appContainer } = fakeBeside("/work", (script) => {
    acts.push(`beside: ${script}`);
    return answer(script);
  });
  const workspace = {
    name: "opencode-flux",
    cluster,
    appContainer,
    user: async () => ({ untilAnswered: async () => {} }),
    readyPod: async () => pod,
    pods: async () => [pod, { metadata: { name: "new pod" } }],
    deletePod: async ({ metadata }: V1Pod, grace?: number) =>
      void acts.push(`delete ${metadata?.name} ${grace ?? "with grace"}`),
  } as unknown as DeployedWorkspace;
  const github = {
    forgetRequests: async () => void acts.push("forget"),
    fault: async (...faults: { kind: string }[]) =>
      void acts.push(`faults ${faults.map(({ kind }) => kind).join()}`),
    requests: async () => [{ operation: "clone-or-fetch", hasCommits: false, outcome: "pending" }],
    head: async () => ({ revision }),
  } as unknown as GitHubControl;
  return { acts, workspace, github };
}

describe("interruptClone", () => {
  it("takes the clone away, stalls the next one on the wire, and kills every pod without grace", async () => {
    const { acts, workspace, github } = stage();
    await interruptClone(workspace, github, clone, new AbortController().signal);
    expect(acts).toEqual([
      'beside: find . -mindepth 1 -delete; rmdir "$PWD" 2>/dev/null || true',
      "forget",
      "faults stall",
      "delete opencode-flux-1 with grace",
      "delete opencode-flux-1 0",
      "delete new pod 0",
    ]);
  });
});

describe("expectWholeClone", () => {
  it("asks git for damage, changes and the revision", async () => {
    const { acts, workspace, github } = stage(() => `${revision}\n`);
    await expectWholeClone(workspace, github, clone);
    expect(acts).toEqual([
      "beside: git fsck --no-dangling && git status --porcelain --untracked-files=no && git rev-parse HEAD",
    ]);
  });

  it.each([
    ["a changed file", () => ` M README.md\n${revision}\n`, " M README.md"],
    ["another revision", () => "fedcba\n", "found: fedcba"],
    [
      "what git says of no repository",
      () => {
        throw new HarnessError("ended with 128", { code: "failed", details: "fatal: not a git repository" });
      },
      "fatal: not a git repository",
    ],
  ])("fails for %s", async (_what, answer, details) => {
    const { workspace, github } = stage(answer);
    await expect(expectWholeClone(workspace, github, clone)).rejects.toMatchObject({
      code: "failed",
      details: expect.stringContaining(details),
    });
  });
});
