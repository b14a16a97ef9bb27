import { expect, it } from "vitest";
import type { AnyObject, Wait } from "../cluster/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { untilGivenUp, untilRolledBack } from "./failing-upgrade.ts";

const signal = new AbortController().signal;

/** A workspace whose HelmRelease has these conditions; a wait that goes on ends with what it waits for. */
function workspaceSaying(...conditions: { type: string; status: string; reason: string }[]) {
  const release: AnyObject = {
    status: { conditions: conditions.map((one) => ({ ...one, message: "words" })) },
  };
  const wait = async ({ until }: Wait<string>) => Object.entries(until([release]))[0]?.join(": ");
  const cluster = { wait: async (asked: Wait<string>) => (await wait(asked))?.replace(/^ready: /, "") };
  return { name: "opencode-ha", facts: testFacts(), cluster } as unknown as DeployedWorkspace;
}

const failed = { type: "Released", status: "False", reason: "UpgradeFailed" };

it("an upgrade is given up when Helm says so", async () => {
  expect(await untilGivenUp(workspaceSaying(failed), signal)).toBe("words");
  const running = { ...failed, status: "Unknown", reason: "Progressing" };
  expect(await untilGivenUp(workspaceSaying(running), signal)).toBe("waiting: words");
});

it("a rollback is what a failed upgrade must have", async () => {
  const remedied = (reason: string, status = "True") => ({ type: "Remediated", status, reason });
  const after = (...more: Parameters<typeof workspaceSaying>) =>
    untilRolledBack(workspaceSaying(failed, ...more), signal);
  expect(await after(remedied("RollbackSucceeded"))).toBe("RollbackSucceeded: words");
  await expect(after(remedied("UninstallSucceeded"))).rejects.toThrow(
    /and is not: UninstallSucceeded: words/,
  );
  await expect(after({ type: "Stalled", status: "True", reason: "RetriesExceeded" })).rejects.toThrow(
    /and is not: RetriesExceeded/,
  );
});
