import { expect, it } from "vitest";
import { expectTold, type LoneMistake, release, text, told } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "two-pods-one-volume",
    title: "a rolling update",
    edit: text(release, "strategy: Recreate", "strategy: RollingUpdate"),
    line: /strategy: RollingUpdate/,
    message: /updated by RollingUpdate on a ReadWriteOnce claim/,
  },
  {
    rule: "two-pods-one-volume",
    title: "two replicas",
    edit: text(release, "strategy: Recreate", "strategy: Recreate\n        replicas: 2"),
    line: /replicas: 2/,
    message: /2 replicas on one volume/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);

it("tells an update without a pod more by what it does, too", async () => {
  const rolling = (values: string) =>
    text(release, "strategy: Recreate\n", `strategy: RollingUpdate\n        rollingUpdate: ${values}\n`);
  const one = (values: string) => told("manifests", ["two-pods-one-volume"], [rolling(values)]);
  expect(await one('{ surge: "0%", unavailable: 1 }')).toEqual([
    expect.stringMatching(/^error: opencode-ha .* while the old one ends/),
  ]);
  expect(await one("{ surge: 1, unavailable: 1 }")).toEqual([expect.stringMatching(/^error: opencode-ha/)]);
  // The chart drops a 0, and Kubernetes' own default is a pod more.
  expect(await one("{ surge: 0, unavailable: 1 }")).toEqual([expect.stringMatching(/^error: opencode-ha/)]);
});
