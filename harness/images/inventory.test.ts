import { expect, it } from "vitest";
import { fakeEngine } from "./fake-engine.ts";
import { sizesByTag, takeInventory } from "./inventory.ts";

it("knows an image by each of its tags", () => {
  expect(sizesByTag("100 a/x:1 a/x:2\n200 a/y:1\n")).toEqual(
    new Map([
      ["a/x:1", 100],
      ["a/x:2", 100],
      ["a/y:1", 200],
    ]),
  );
});

it("asks the engine twice, however many images there are", async () => {
  const { engine, images, calls } = fakeEngine();
  images.add("a/x:1");
  const found = await takeInventory(engine, ["a/x:1", "a/y:1"]);
  expect(calls.map((call) => call.split(" ").slice(0, 2).join(" "))).toEqual(["image inspect", "volume ls"]);
  expect([...found.images.keys()]).toEqual(["a/x:1"]);
});
