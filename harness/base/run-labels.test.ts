import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { expect, it } from "vitest";
import { isOwnerAlive, labelNames, labelsOf } from "./run-labels.ts";

const own = labelsOf("run-1");
const owner = own[labelNames.owner] ?? "";

it("labels what a run starts with the run and this process", () => {
  expect(own).toMatchObject({ "opencode-harness": "true", "opencode-harness.run": "run-1" });
  expect(owner.split("/").slice(0, 2)).toEqual([hostname(), String(process.pid)]);
  expect(isOwnerAlive(owner)).toBe(true);
});

it("knows an ended process, and one that got the same id later", async () => {
  const child = spawn(process.execPath, ["--eval", ""]);
  await once(child, "exit");
  expect(isOwnerAlive(`${hostname()}/${child.pid}/1`)).toBe(false);
  expect(isOwnerAlive(`${hostname()}/${process.pid}/1`)).toBe(false);
});

it("leaves the processes of another machine alone", () => {
  expect(isOwnerAlive("another-machine/1/1")).toBe(true);
});
