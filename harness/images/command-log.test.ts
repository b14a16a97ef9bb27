import * as fs from "node:fs/promises";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { afterEach, expect, it, vi } from "vitest";
import { cacheDir, HarnessError } from "../base/index.ts";
import { useEmptyCache } from "../base/test-cache.ts";
import { CommandLog, explainFailure } from "./command-log.ts";

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof fs>();
  return { ...real, statfs: vi.fn(real.statfs) };
});

useEmptyCache();
afterEach(() => {
  vi.mocked(fs.statfs).mockClear();
});

it("keeps all that a command prints, and tells its last line", async () => {
  const lines: string[] = [];
  const log = await CommandLog.open("go build", (line) => lines.push(line));
  await log.run("sh", ["-c", "echo first; echo second"]);
  await log[Symbol.asyncDispose]();
  expect(lines.at(-1)).toBe("second");
  expect(await readFile(cacheDir("logs/go-build.log"), "utf8")).toContain("first\nsecond\n");
});

it("says that the disk is full when it is, whatever the command said", async () => {
  const log = await CommandLog.open("mirror", () => {});
  vi.mocked(fs.statfs).mockResolvedValueOnce({ bavail: 10, bsize: 4096 } as Awaited<
    ReturnType<typeof fs.statfs>
  >);
  const failure = await log.run("sh", ["-c", "echo something odd; exit 1"]).catch((error: unknown) => error);
  const error = await explainFailure("mirror", failure);
  await log[Symbol.asyncDispose]();
  expect(error.message).toBe(`the disk of ${cacheDir()} is full; mirror could not be prepared`);
  expect(error.remedy).toContain("OPENCODE_HARNESS_CACHE");
});

it("goes on without a log where there is no room for one", async () => {
  await mkdir(cacheDir("logs"));
  await symlink("/dev/full", cacheDir("logs", "program.log"));
  const lines: string[] = [];
  const log = await CommandLog.open("program", (line) => lines.push(line));
  await log.run("sh", ["-c", "echo first"]);
  const failure = await log
    .run("sh", ["-c", "echo no space left >&2; exit 1"])
    .catch((error: unknown) => error);
  expect(lines).toEqual(["first", "no space left"]);
  expect((await explainFailure("program", failure)).message).toContain("program could not be prepared");
  await log[Symbol.asyncDispose]();
});

it("leaves an error that already says what to do as it is", async () => {
  const known = new HarnessError("Go is not installed", { code: "environment", remedy: "Install Go." });
  expect(await explainFailure("program", known)).toBe(known);
});
