import { expect, it } from "vitest";
import { allEnded } from "./start-world.ts";

it("waits for what the work begins late, and for failures", async () => {
  const begun: Promise<unknown>[] = [];
  const told: string[] = [];
  const step = async (name: string, ms: number, then?: () => void) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    told.push(name);
    then?.();
    if (name === "fails") throw new Error(name);
  };
  const work = step("fails", 5, () => begun.push(step("begun late", 10, () => begun.push(step("last", 20)))));
  await allEnded(work, begun);
  expect(told).toEqual(["fails", "begun late", "last"]);
});
