import { expect, it } from "vitest";
import { requireEngine } from "./container-runtime.ts";

it.each([
  ["unix:///run/docker.sock", "unix:///run/docker.sock"],
  ["tcp://10.0.0.1:2376", "tcp://10.0.0.1:2376"],
  ["tcp://10.0.0.1:2376", "https://10.0.0.1:2376"],
])("goes on with the engine that was chosen: %s", (address, chosen) => {
  expect(() => requireEngine(address, chosen)).not.toThrow();
});

it.each([
  ["unix:///var/run/docker.sock", "unix:///run/opencode-harness/0a/docker.sock"],
  ["tcp://10.0.0.2:2376", "tcp://10.0.0.1:2376"],
])("starts nothing on %s when %s was chosen", (address, chosen) => {
  expect(() => requireEngine(address, chosen)).toThrow(`has gone to ${address}`);
});
