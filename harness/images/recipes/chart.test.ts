import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { expect, it, onTestFinished } from "vitest";
import { servedVersions } from "../../../fixtures/charts/app-template/versions.ts";
import { helmBinary } from "../../base/index.ts";
import type { Job } from "../component.ts";
import { chartFiles, chartFromPackages } from "./chart.ts";

it("packages our chart once for each version that it is served as", async () => {
  const directory = await mkdtemp(join(tmpdir(), "charts-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const run: Job["run"] = async (command, args) => {
    await execa(command, args);
  };
  await chartFromPackages.build({ directory, run } as Job);
  const files = await chartFiles(directory);
  expect(files.map((file) => basename(file)).sort()).toEqual(
    servedVersions.map((version) => `app-template-${version}.tgz`).sort(),
  );
  const { stdout } = await execa(await helmBinary(), ["show", "chart", files[0] ?? ""]);
  expect(stdout).toContain(`version: ${/-([\d.]+)\.tgz$/.exec(files[0] ?? "")?.[1]}`);
}, 120_000);
