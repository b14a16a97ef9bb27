import { expect, it } from "vitest";
import type { DockerOptions, Engine } from "../engine/index.ts";
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
  const calls: string[] = [];
  const docker = (args: readonly string[], _options?: DockerOptions) => {
    calls.push(`${args[0]} ${args[1]}`);
    return Promise.resolve({ stdout: args[0] === "image" ? "7 a/x:1" : "one\ntwo", stderr: "", exitCode: 1 });
  };
  const engine: Engine = { kind: "system", host: "", client: "", environment: {}, docker };
  const { images, volumes } = await takeInventory(engine, ["a/x:1", "a/y:1"]);
  expect(calls).toEqual(["image inspect", "volume ls"]);
  expect([...images.keys()]).toEqual(["a/x:1"]);
  expect([...volumes]).toEqual(["one", "two"]);
});
