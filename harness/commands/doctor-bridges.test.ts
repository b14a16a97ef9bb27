import { expect, it } from "vitest";
import { bridgeCheck } from "./doctor-bridges.ts";

const engine = "unix:///var/run/docker.sock";

it.each([
  ["a kernel that has it", { engine, filtersBridges: true }, "ok"],
  [
    "a kernel that has it not, under an engine that does not load it",
    { engine, filtersBridges: false },
    "missing",
  ],
  ["no engine yet: the private one loads it", { engine: undefined, filtersBridges: false }, "ok"],
  ["an engine on another machine", { engine: "tcp://192.0.2.7:2376", filtersBridges: false }, "ok"],
  [
    "Docker Desktop on Linux",
    { engine: "unix:///home/me/.docker/desktop/docker.sock", filtersBridges: false },
    "ok",
  ],
  ["a kernel that cannot be seen from here", { engine, filtersBridges: undefined }, "ok"],
] as const)("%s", (_what, facts, state) => {
  const { state: found, remedy } = bridgeCheck(facts);
  expect(found).toBe(state);
  expect(remedy === undefined).toBe(state === "ok");
});
