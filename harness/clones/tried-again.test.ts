import { describe, expect, it } from "vitest";
import type { GitHubControl } from "../internet/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { untilTriedAgain } from "./failing-clones.ts";

const repository = "jbaker/k8s";
const running = { running: {} };
const ended = (exitCode: number) => ({ terminated: { exitCode } });

/** A pod whose container `git-clone` is in this state. */
const pod = (state: object, { restartCount = 0, podIP = "10.42.1.2", hostIP = "172.18.0.3" } = {}) => ({
  metadata: { name: "opencode-flux-1" },
  status: { initContainerStatuses: [{ name: "git-clone", restartCount, state }], podIP, hostIP },
});

/** Requests that were refused so long after the wait has begun: to be made in the test, not for its table. */
function tried(...afterMs: number[]): object[] {
  const soon = Date.now() + 100; // the wait begins a moment after this
  const refused = { status: 401, outcome: "complete", client: "10.42.1.2", method: "GET", repository };
  return afterMs.map((ms) => ({ ...refused, time: new Date(soon + ms).toISOString() }));
}

const changed = (requests: object[], change: object) => requests.map((one) => ({ ...one, ...change }));

function untilTried(requests: object[], of: object, facts = testFacts()): Promise<void> {
  const workspace = { name: "opencode-flux", facts, pods: async () => [of] } as unknown as DeployedWorkspace;
  const github = { requests: async () => requests } as unknown as GitHubControl;
  const clone = { workspace, repository, directory: "/workspace/k8s" };
  return untilTriedAgain(github, clone, AbortSignal.timeout(1_200));
}

/** The pod's clones are of other repositories, but for what `container` clones. */
function factsWith(container: string) {
  const [other] = testFacts().clones;
  if (!other) throw new Error("the facts have no clone");
  return testFacts("opencode-flux", { clones: [other, { ...other, repository, container }] });
}

describe("a script that tries again by itself", () => {
  it("has failed when it asks again, in the container that it has", () =>
    untilTried(tried(0, 20, 5_000), pod(running)));

  it("has failed also when its key is not known, so that nobody hears what it wants", () =>
    untilTried(changed(tried(0, 5_000), { method: "SSH", repository: null }), pod(running)));

  it("has failed also when only its node's address is seen", () =>
    untilTried(tried(0, 5_000), pod(running, { podIP: "10.42.2.9", hostIP: "10.42.1.2" })));

  it("has failed when it says so and goes on without a clone", () => untilTried(tried(0, 20), pod(ended(0))));

  it.each([
    ["while it has asked once", () => tried(0, 20), pod(running)],
    ["by a try of before", () => tried(-60_000, 20), pod(running)],
    ["when its container is another", () => tried(0, 5_000), pod(running, { restartCount: 1 })],
    ["when its container has ended badly", () => tried(0, 5_000), pod(ended(1))],
    [
      "when it has asked for another one",
      () => changed(tried(0, 5_000), { repository: "a/b" }),
      pod(running),
    ],
    ["when somebody else has asked", () => tried(0, 5_000), pod(running, { podIP: "10.42.2.9" })],
    [
      "when somebody else has asked once",
      () => [...changed(tried(0), { client: "x" }), ...tried(5_000)],
      pod(running),
    ],
    ["when it has ended well and nobody has asked in its name", () => [], pod(ended(0))],
    ["when it was answered", () => changed(tried(0, 5_000), { status: 200 }), pod(running)],
    [
      "when what has ended well clones another repository, since that is there",
      () => tried(0, 20),
      pod(ended(0)),
      factsWith("second-clone"),
    ],
  ])("has not %s", async (_when, requests, of, facts = testFacts()) => {
    await expect(untilTried(requests(), of, facts)).rejects.toThrow("aborted");
  });
});
