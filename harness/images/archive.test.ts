import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Engine } from "../engine/index.ts";
import { loadImages, saveImages } from "./archive.ts";
import { hasReceipt } from "./build-missing.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "archive-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

const images = ["opencode-harness/registry:aa", "opencode-harness/node:bb"];
const volumes = ["opencode-harness-mirror-c0ffee", "opencode-harness-20261121-1203-all-ab12-pool", "other"];

function fakeEngine(has: { images: string[]; volumes: string[] }) {
  const calls: string[] = [];
  const engine: Engine = {
    kind: "system",
    host: "unix:///nowhere",
    client: "docker",
    environment: {},
    docker: async (args) => {
      calls.push(args.join(" "));
      const lines = args[0] === "image" ? has.images : args[1] === "ls" ? has.volumes : [];
      return { stdout: lines.join("\n"), stderr: "", exitCode: 0 };
    },
  };
  return { engine, calls };
}

async function cacheWithPreparation(): Promise<void> {
  vi.stubEnv("OPENCODE_HARNESS_CACHE", join(dir, "first"));
  await mkdir(join(dir, "first"), { recursive: true });
  await writeFile(join(dir, "first", "prepared.json"), "{}");
}

it("brings images, the mirror and its receipt to another machine, and no key", async () => {
  await cacheWithPreparation();
  const archive = join(dir, "archive");
  const first = fakeEngine({ images, volumes });
  await saveImages(first.engine, archive);
  expect(first.calls).toContainEqual(
    `save --output ${archive}/images.tar opencode-harness/registry:aa opencode-harness/node:bb`,
  );

  vi.stubEnv("OPENCODE_HARNESS_CACHE", join(dir, "second"));
  const second = fakeEngine({ images: [], volumes: [] });
  await loadImages(second.engine, archive);
  expect(second.calls.map((call) => call.split(" ").slice(0, 2).join(" "))).toEqual([
    "load --quiet",
    "volume create",
    "run --rm",
  ]);
  expect(second.calls.at(-1)).toContain("--volume opencode-harness-mirror-c0ffee:/volume ");
  expect(hasReceipt("mirror", "c0ffee")).toBe(true);
  expect((await readdir(archive)).sort()).toEqual(["contents.json", "prepared.json"]);
  expect(existsSync(join(dir, "second", "prepared.json"))).toBe(true);
});

it("leaves volumes of clusters and of others alone", async () => {
  await cacheWithPreparation();
  const { engine, calls } = fakeEngine({ images, volumes });
  await saveImages(engine, join(dir, "archive"));
  expect(calls.filter((call) => call.startsWith("run"))).toHaveLength(1);
  expect(calls.join("\n")).not.toContain("pool");
});

it("says so when nothing is prepared", async () => {
  const { engine } = fakeEngine({ images: [], volumes: [] });
  await expect(saveImages(engine, join(dir, "archive"))).rejects.toThrow("not prepared");
});
