import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RunResult } from "../result.ts";
import { toJson } from "../run-directory.ts";
import { readRun } from "./read-run.ts";
import { leaveSampleRun } from "./sample/leave.ts";
import { sampleResult } from "./sample/result.ts";
import { writeReport } from "./write-report.ts";

let run: string;
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), "worlds-"));
  await leaveSampleRun(run);
});
afterEach(() => rm(run, { recursive: true }));

const asked = (name: string, count: number) => ({ who: "external-dns", name, isAnswered: false, count });

async function leaveSecondWorld(): Promise<void> {
  const world = join(run, "world-2");
  await mkdir(join(world, "pictures"), { recursive: true });
  const png = Buffer.alloc(900_000);
  await Promise.all([
    writeFile(join(world, "fidelity.json"), await readFile(join(run, "fidelity.json"))),
    writeFile(join(world, "egress.json"), toJson([asked("shared.example", 2), asked("second.example", 1)])),
    writeFile(join(run, "egress.json"), toJson([asked("shared.example", 3)])),
    writeFile(
      join(world, "usage.json"),
      toJson([{ namespace: "b", pod: "only-in-the-second-0", samples: [[1, 5e8, 10]] }]),
    ),
    writeFile(
      join(world, "ending.json"),
      toJson({ restarts: { "a/app": 1 }, records: ["a A 1"], clones: { repo: 2 } }),
    ),
    writeFile(
      join(run, "ending.json"),
      toJson({ restarts: { "a/app": 1 }, records: ["a A 1", "b A 2"], clones: {} }),
    ),
    writeFile(join(world, "pictures", "a-home.png"), png),
    writeFile(join(world, "pictures", "b-home.png"), png),
  ]);
}

it("tells of all worlds of a run, what they have alike once", async () => {
  const alone = await readRun(run);
  await leaveSecondWorld();
  const both = await readRun(run);
  expect(both.fidelity).toEqual(alone.fidelity);
  expect(both.egress).toEqual([asked("shared.example", 5), asked("second.example", 1)]);
  expect(both.usage.map(({ pod }) => pod)).toContain("only-in-the-second-0");
  expect(both.usage.length).toBe(alone.usage.length + 1);
  expect(both.ending).toEqual({ restarts: { "a/app": 2 }, records: ["a A 1", "b A 2"], clones: { repo: 2 } });
});

it("shows pictures of a second world, and leads to its files", async () => {
  await leaveSecondWorld();
  const html = await readFile(await writeReport(run), "utf8");
  expect(html.match(/data:image\/png/g)).toHaveLength(1);
  expect(html).toContain('href="world-2/pictures/b-home.png"');
  expect(html).toContain('href="world-2/usage.json"');
});

/** A run that ended since no world could be started, which has left this. */
async function pageAfterFailedStart(folders: string[], edits: Partial<RunResult> = {}): Promise<string> {
  const error = { message: "no node became Ready" };
  await leaveSampleRun(run, { ...sampleResult(), scenarios: [], status: "error", error, ...edits });
  for (const folder of folders) {
    await mkdir(join(run, folder), { recursive: true });
    await writeFile(join(run, folder, "events.txt"), "2026-11-21T12:07:02.000Z Warning it did not start\n");
  }
  return readFile(await writeReport(run), "utf8");
}

it("shows what the start of a second world has left that stopped the run", async () => {
  const html = await pageAfterFailedStart(["world-2/evidence/start"]);
  expect(html).toContain("it did not start");
  expect(html).toContain('href="world-2/evidence/start/events.txt"');
});

it("takes the start of a mutant with a result for none that stopped the run", async () => {
  const judged = { scenario: "drain", title: "a", outcome: "caught" as const, why: "b", ms: 1 };
  const html = await pageAfterFailedStart(["evidence/start-first", "world-2/evidence/start-second"], {
    command: "mutants",
    mutants: [{ ...judged, mutant: "first" }],
  });
  expect(html).toContain('href="world-2/evidence/start-second/events.txt"');
  expect(html).not.toContain("evidence/start-first/");
});
