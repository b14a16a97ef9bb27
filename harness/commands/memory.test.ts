import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { clusterMemory, GiB, preparationMemory, wantedMemory } from "./memory.ts";

const text = (file: string) => readFile(join(checkoutDir, file), "utf8");

it("the README asks for as much memory as doctor", async () => {
  expect((await text("README.md")).replaceAll(/\s+/g, " ")).toContain(
    `${wantedMemory / GiB} GiB of memory (${clusterMemory / GiB} GiB for each cluster, ${preparationMemory / GiB} GiB while images are built from packages)`,
  );
});
