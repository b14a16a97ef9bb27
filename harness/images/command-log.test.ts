import * as fs from "node:fs/promises";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HarnessError } from "../base/index.ts";
import { CommandLog } from "./command-log.ts";

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof fs>();
  return { ...real, statfs: vi.fn(real.statfs) };
});

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "log-"));
  vi.stubEnv("OPENCODE_HARNESS_CACHE", cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.mocked(fs.statfs).mockClear();
  await rm(cache, { recursive: true, force: true });
});

it("keeps all that a command prints, and tells its last line", async () => {
  const lines: string[] = [];
  const log = await CommandLog.open("go build", (line) => lines.push(line));
  await log.run("sh", ["-c", "echo first; echo second"]);
  await log.close();
  expect(lines.at(-1)).toBe("second");
  expect(await readFile(join(cache, "logs/go-build.log"), "utf8")).toContain("first\nsecond\n");
});

it("says that the disk is full when it is, whatever the command said", async () => {
  const log = await CommandLog.open("mirror", () => {});
  vi.mocked(fs.statfs).mockResolvedValueOnce({ bavail: 10, bsize: 4096 } as Awaited<
    ReturnType<typeof fs.statfs>
  >);
  const failure = await log.run("sh", ["-c", "echo something odd; exit 1"]).catch((error: unknown) => error);
  const error = await log.explain(failure);
  await log.close();
  expect(error.message).toBe(`the disk of ${cache} is full; mirror could not be prepared`);
  expect(error.remedy).toContain("OPENCODE_HARNESS_CACHE");
});

it("leaves an error that already says what to do as it is", async () => {
  const log = await CommandLog.open("program", () => {});
  const known = new HarnessError("Go is not installed", { code: "environment", remedy: "Install Go." });
  expect(await log.explain(known)).toBe(known);
  await log.close();
});
