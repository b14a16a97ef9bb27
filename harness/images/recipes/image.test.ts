import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { expect, it, onTestFinished } from "vitest";
import { silent } from "../../base/index.ts";
import { catalogue } from "../catalogue.ts";
import type { Component, Job } from "../component.ts";
import { fakeEngine } from "../fake-engine.ts";
import { imageFromPackages } from "./image.ts";

/** As a umask of 077 leaves it. */
async function closedFile(path: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, "");
  await chmod(path, mode);
}

/** Builds it of files that only their owner may read; `look` sees what docker is given. */
async function build(component: Component, file: string, look: (given: string) => Promise<void>) {
  const place = await mkdtemp(join(tmpdir(), "image-test-"));
  onTestFinished(() => rm(place, { recursive: true, force: true }));
  await closedFile(join(place, "built", file), 0o700);
  await mkdir(join(place, "context/root/usr/bin"), { recursive: true, mode: 0o700 });
  let isLookedAt = false;
  const job: Job = {
    directory: join(place, "context"),
    output: "image",
    engine: fakeEngine().engine,
    task: silent,
    signal: new AbortController().signal,
    building: new Set(),
    outputOf: () => join(place, "built"),
    run: async (command, args) => void (await execa(command, args)),
    docker: async (args) => {
      isLookedAt = true;
      await look(args.at(-2) ?? "");
      await look(args.at(-1) ?? "");
    },
  };
  await component.build(job);
  expect(isLookedAt).toBe(true);
}

it("gives a program alone to whatever user a pod has, though its maker keeps files to himself", async () => {
  const { path, binary } = catalogue.pause.fromPackages as { path: string; binary: string };
  await build(imageFromPackages("pause", catalogue.pause), binary, async (given) => {
    if (!given.endsWith(".tar")) return;
    const { stdout } = await execa("tar", ["-tvf", given]);
    const modes = new Map(stdout.split("\n").map((line) => [line.split(" ").at(-1), line.split(" ")[0]]));
    expect(modes.get(`.${path}`)).toBe("-rwxr-xr-x");
    expect(modes.get("./")).toBe("drwxr-xr-x");
    expect(modes.get("./tmp/")).toBe("drwxrwxrwt");
  });
});

it("gives files on a Debian root to them, too, and lets none of them write", async () => {
  await build(imageFromPackages("envoy", catalogue.envoy), "envoy", async (given) => {
    const found = await stat(join(given, "envoy")).catch(() => undefined);
    if (found) expect((found.mode & 0o777).toString(8)).toBe("755");
  });
});
