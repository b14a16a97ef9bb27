import { expect, it } from "vitest";
import type { EngineFacts } from "./engine-facts.ts";
import { unfitEngine, unfitMachine } from "./unfit.ts";

const docker: EngineFacts = {
  kind: "Docker",
  version: "28.5.1",
  architecture: "x86_64",
  operatingSystem: "Ubuntu 24.04.3 LTS",
  isRootless: false,
  cgroups: "v2",
};

it("takes Docker on x86-64, whatever its control groups are", () => {
  expect(unfitEngine(docker)).toBeUndefined();
  expect(unfitEngine({ ...docker, cgroups: "v1", operatingSystem: "Docker Desktop" })).toBeUndefined();
});

it.each([
  ["a rootless engine", { isRootless: true }, /rootless/, /DOCKER_HOST=unix:\/\/\/var\/run\/docker\.sock/],
  ["an engine on arm64", { architecture: "aarch64" }, /aarch64.*x86-64/, /Linux x86-64/],
])("refuses %s, and says what helps", (_what, facts, found, remedy) => {
  const unfit = unfitEngine({ ...docker, ...facts });
  expect(unfit?.found).toMatch(found);
  expect(unfit?.remedy).toMatch(remedy);
});

it("refuses a machine for which npm brings no programs", () => {
  expect(unfitMachine("linux", "x64")).toBeUndefined();
  expect(unfitMachine("darwin", "arm64")?.found).toContain("darwin on arm64");
  expect(unfitMachine("linux", "arm64")?.remedy).toContain("x86-64");
});
