import { expect, it } from "vitest";
import { UnderWay } from "./under-way.ts";

it("is done once for all who ask at once, and what it fails with is told to each", async () => {
  const underWay = new UnderWay<number>();
  let times = 0;
  const work = async () => {
    times += 1;
    throw new Error("no network");
  };
  const asked = await Promise.allSettled([underWay.join("a", work), underWay.join("a", work)]);
  expect([times, asked.map(({ status }) => status)]).toEqual([1, ["rejected", "rejected"]]);
});

it("is done anew for who asks after its end, and for another thing", async () => {
  const underWay = new UnderWay<number>();
  let times = 0;
  const work = async () => ++times;
  await underWay.join("a", work);
  expect(await Promise.all([underWay.join("a", work), underWay.join("b", work)])).toEqual([2, 3]);
});
