import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import type { Wait } from "../cluster/index.ts";
import { fluxCredential, type GitHubControl } from "../internet/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { fakeBeside } from "../workspace/fake-beside.ts";
import { type DeployedWorkspace, remoteAddress } from "../workspace/index.ts";
import { takeCloneAway } from "./clone.ts";
import { failClones, refuseTokens, untilInitFails } from "./failing-clones.ts";
import { holdClones, interruptHeld, leftWorking } from "./held-clones.ts";

const { signal } = new AbortController();

const former = { metadata: { name: "a pod", uid: "1" } };

/** A workspace and github.com that write down what is done to them. */
function stage({ objects = [] as object[], log = "" } = {}) {
  const acts: string[] = [];
  const waits: { labelSelector?: string | undefined }[] = [];
  const beside = fakeBeside("/workspace", (script) => {
    acts.push(`beside: ${script}`);
    return "https://github.com/jbaker/k8s.git\n";
  });
  const workspace = {
    name: "opencode-flux",
    readyPod: async () => beside.pod,
    appContainer: beside.appContainer,
    namespace: "opencode",
    facts: testFacts(),
    cluster: {
      ...beside.cluster,
      wait: async ({ what, until, ...selection }: Wait<unknown>) => {
        acts.push(`wait: ${what}`);
        waits.push(selection);
        const verdict = until(objects as Parameters<typeof until>[0]);
        return "ready" in verdict ? verdict.ready : Promise.reject(new Error(JSON.stringify(verdict)));
      },
    },
    user: async () => ({ directory: async () => "/workspace/k8s" }),
    pods: async () => [former],
    podSelection: async () => ({ apiVersion: "v1", kind: "Pod", labelSelector: "app=flux" }),
    deletePod: async ({ metadata }: V1Pod, grace?: number) =>
      void acts.push(`delete ${metadata?.name} ${grace}`),
    diagnose: async () => log,
  } as unknown as DeployedWorkspace;
  const github = {
    setTokens: async (repository: string, tokens: object) =>
      void acts.push(`${repository} takes ${Object.keys(tokens).join() || "nobody"}`),
    forgetRequests: async () => void acts.push("forget"),
    fault: async (...faults: object[]) => void acts.push(JSON.stringify(faults)),
    liftFaults: async () => void acts.push("lift"),
    requests: async () => {
      acts.push("look");
      return [{ operation: "clone-or-fetch", hasCommits: false, outcome: "pending" }];
    },
  } as unknown as GitHubControl;
  return { acts, waits, github, clone: { workspace, repository: "jbaker/k8s", directory: "/workspace/k8s" } };
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
    `beside: ${remoteAddress}`,
    'beside: find . -mindepth 1 -delete; rmdir "$PWD" 2>/dev/null || true',
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

const stall = '[{"kind":"stall","afterBytes":300000,"repository":"jbaker/k8s"}]';

it("clones that have failed are held from the moment on in which the token is let in again", async () => {
  const { acts, github, clone } = stage({ objects: [pod("opencode-flux-1", 128)] });
  const repositories = [{ repository: "jbaker/k8s", tokens: { PAT: "x" } }];
  await (await failClones(github, [clone], repositories, signal))[Symbol.asyncDispose]();
  expect(acts).toEqual([
    "jbaker/k8s takes nobody",
    "[]",
    "delete a pod 0",
    "wait: the clone of opencode-flux fails",
    stall,
    "jbaker/k8s takes PAT",
  ]);
});

describe("clones are held", () => {
  it("in new pods: looked for when the former are gone, and only these", async () => {
    const { acts, github, clone } = stage({ objects: [pod("a new pod", 0, 0, true)] });
    await holdClones(github, [clone], signal);
    expect(acts).toEqual([
      stall,
      "forget",
      "delete a pod 1",
      "wait: the former pods of opencode-flux are gone",
      "look",
      "lift",
      "wait: the container that clones for opencode-flux is told to run",
    ]);
  });

  it("no earlier than Kubernetes says that they are cloning: what may lie beside them is judged by that", async () => {
    const { github, clone } = stage({ objects: [pod("a new pod", 0)] });
    await expect(holdClones(github, [clone], signal)).rejects.toThrow("git-clone: terminated");
  });

  it("not before the former pods are gone", async () => {
    const { acts, github, clone } = stage({ objects: [former] });
    await expect(holdClones(github, [clone], signal)).rejects.toThrow('{"waiting":"a pod"}');
    expect(acts).not.toContain("lift");
  });
});

it("a clone that needs no token is not answered, and Flux may go on reading what a workspace clones", async () => {
  const { acts, github, clone } = stage({ objects: [pod("opencode-flux-1", 128)] });
  const open = { ...clone, repository: "jbaker/open" };
  const tokens = { [fluxCredential]: "f", PAT: "x" };
  const repositories = [
    { repository: "jbaker/open", tokens: {} },
    { repository: "jbaker/k8s", tokens },
  ];
  await using _failed = await failClones(github, [open, clone], repositories, signal);
  expect(acts.slice(0, 2)).toEqual([
    `jbaker/k8s takes ${fluxCredential}`,
    '[{"kind":"outage","repository":"jbaker/open"}]',
  ]);
});

describe("a clone has failed", () => {
  it("when it ended with an exit code twice", async () => {
    const { clone, waits } = stage({ objects: [pod("opencode-flux-1", 128)] });
    expect(await untilInitFails(clone, signal)).toContain("git-clone of pod opencode-flux-1 ended 2 times");
    // Not by names: those of opencode begin as those of opencode-ha do.
    expect(waits).toMatchObject([{ labelSelector: "app=flux" }]);
  });

  it.each([
    ["when it succeeded", pod("opencode-flux-1", 0)],
    ["when it failed once", pod("opencode-flux-1", 1, 0)],
    ["while it tries again", pod("opencode-flux-1", 1, 1, true)],
  ])("not %s", async (_when, object) => {
    const { clone } = stage({ objects: [object] });
    await expect(untilInitFails(clone, signal)).rejects.toThrow("waiting");
  });
});

it("what is left works: no fault, and no pod that waits for its next try", async () => {
  const { acts, github, clone } = stage();
  const ready = { status: { conditions: [{ type: "Ready", status: "True" }] } };
  const pods = async () => [former, ready];
  await leftWorking(github, [{ ...clone.workspace, pods } as unknown as DeployedWorkspace])[
    Symbol.asyncDispose
  ]();
  expect(acts).toEqual(["[]", "delete a pod 0"]);
});

it.each([
  ["StatefulSet", ["delete a pod 1"], ["opencode-flux is a StatefulSet"]],
  ["Deployment", [], []],
] as const)(
  "a held clone of a %s is interrupted by hand where nothing else would",
  async (kind, deleted, said) => {
    const { acts, clone } = stage();
    const facts = { ...clone.workspace.facts, workload: { kind, name: "opencode-flux" } };
    const notes: string[] = [];
    const workspace = Object.assign(clone.workspace, { facts });
    await interruptHeld([{ ...clone, workspace }], { note: (text) => void notes.push(text) });
    expect(acts).toEqual(deleted);
    expect(notes).toEqual(said.map((words) => expect.stringContaining(words)));
  },
);
