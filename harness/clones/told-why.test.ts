import { describe, expect, it } from "vitest";
import { testFacts } from "../rendering/test-facts.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { expectToldWhy, tellsWhy } from "./told-why.ts";

describe("a reader is told why", () => {
  it.each([
    "fatal: Authentication failed for 'https://github.com/x'",
    "git@github.com: Permission denied (publickey).",
    "clone of jbaker/k8s failed: authentication",
    "ERROR: could not clone, check the token",
    "Cloning did not work: GitHub answers 503",
    "GitHub is unreachable, trying again in 10 s",
    "starting\nwget: server returned error: HTTP/1.1 401 Unauthorized",
    "Warnung: no access to jbaker/k8s",
  ])("by %s", (text) => {
    expect(tellsWhy(text)).toBe(true);
  });

  it.each([
    "",
    "exit 1",
    "clone failed",
    "Cloning into '/data/repo'...",
    "cloning with the token of /secrets/github/pat\nclone failed",
    "git clone failed with exit code 128",
  ])("not by %s", (text) => {
    expect(tellsWhy(text)).toBe(false);
  });
});

describe("a failed clone", () => {
  /** A workspace whose pod's containers have said this, `git-clone` last when its container ended. */
  const clone = (logs: Record<string, string>, message?: string) => {
    const terminated = { exitCode: 1, ...(message === undefined ? {} : { message }) };
    const statuses = ["git-clone", "seed-auth"].map((name) => ({ name, lastState: { terminated } }));
    const workspace = {
      name: "opencode",
      namespace: "ai",
      facts: testFacts(),
      pods: async () => [{ metadata: { name: "opencode-1" }, status: { initContainerStatuses: statuses } }],
      cluster: {
        log: async ({ container }: { container: string }, options?: { previous: boolean }) =>
          options?.previous ? (logs[container] ?? "") : "",
      },
    } as unknown as DeployedWorkspace;
    return { workspace, repository: "jbaker/k8s", directory: "/work" };
  };

  it("says why in its log, or where Kubernetes keeps a last message", async () => {
    await expectToldWhy(clone({ "git-clone": "clone failed: authentication" }));
    await expectToldWhy(clone({}, "fatal: unable to access 'https://github.com/'"));
  });

  it("does not by another container's word", async () => {
    const told = expectToldWhy(clone({ "git-clone": "exit 1", "seed-auth": "fatal: no login" }));
    await expect(told).rejects.toMatchObject({
      code: "failed",
      message: expect.stringContaining("does not say why it failed"),
      details: "exit 1",
    });
  });
});
