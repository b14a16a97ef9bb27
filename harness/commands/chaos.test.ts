import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Outcome } from "../chaos/index.ts";
import { type ChaosOptions, chaosCommand } from "./chaos.ts";
import { type Stage, setStage } from "./fake-rooms.ts";
import { runProgram } from "./program.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage[Symbol.asyncDispose]());

const run = (...args: string[]) => runProgram(["chaos", ...args], stage.context);

/** Plays nothing: every round comes out like this. */
const chaos = (options: Partial<ChaosOptions>, outcome: Partial<Outcome>) =>
  chaosCommand(stage.context, { list: false, plan: false, ...options }, async ({ rounds }) =>
    rounds.map((round) => ({ ...round, status: "passed", findings: [], ms: 1, ...outcome })),
  );

it("prints the rounds of a seed, the same each time, and plays none", async () => {
  expect(await run("--plan", "--seed", "5f3a", "--rounds", "3")).toBe(0);
  const first = stage.stdout();
  expect(first).toMatch(/^round 1, [\s\S]*\nround 3, /);
  await run("--plan", "--seed", "5f3a", "--rounds", "3");
  expect(stage.stdout()).toBe(first + first);
});

it("lists the kinds, and refuses others", async () => {
  expect(await run("--list")).toBe(0);
  expect(stage.stdout()).toMatch(/full-disk {2,}.*0 MB are free/);
  expect(await run("--only", "earthquake")).toBe(2);
  expect(stage.stderr()).toContain('there is no kind "earthquake"');
});

it("passes where no round has found anything, and counts them by kind", async () => {
  expect(await chaos({ seed: "5f3a", rounds: 4, only: ["lock", "engine"] }, {})).toBe(0);
  expect(stage.stdout()).toMatch(/^seed 5f3a: npm run chaos -- --rounds 4 --seed 5f3a --only lock engine\n/);
  expect(stage.stdout()).toMatch(/lock +2 +0 +0/);
  expect(stage.stdout()).toContain("4 rounds, 0 with findings");
});

it("fails with what was found, and the command that repeats it", async () => {
  const found = { status: "found", findings: [{ what: "left: container ours" }] } as const;
  expect(
    await chaos(
      { seed: "5f3a", only: ["lock"], json: join(stage.dir, "chaos.json") },
      { ...found, findings: [...found.findings] },
    ),
  ).toBe(1);
  expect(stage.stdout()).toMatch(/round 1, lock, .*:\n {2}left: container ours\n/);
  expect(stage.stdout()).toContain("\nAgain: npm run chaos -- --rounds 1 --seed 5f3a --only lock\n");
  const json = JSON.parse(await readFile(join(stage.dir, "chaos.json"), "utf8"));
  expect(json).toMatchObject({ seed: "5f3a", rounds: [{ kind: "lock", status: "found" }] });
});

it("tells what was skipped, with the reason", async () => {
  expect(await chaos({ only: ["full-disk"] }, { status: "skipped", why: "no loop devices" })).toBe(0);
  expect(stage.stdout()).toMatch(/full-disk +0 +0 +1 .*no loop devices/);
});
