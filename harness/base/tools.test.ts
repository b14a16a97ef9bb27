import { execa } from "execa";
import { expect, test } from "vitest";
import { helmBinary, kubectlBinary } from "./tools.ts";
import { unzip } from "./unzip.ts";

test("helm and kubectl are the real ones of the pinned versions", async () => {
  const helm = await execa(await helmBinary(), ["version", "--short"]);
  const kubectl = await execa(await kubectlBinary(), ["version", "--client"]);
  expect(helm.stdout).toMatch(/^v4\./);
  expect(kubectl.stdout).toContain("v1.35.");
});

test("what is no zip archive is refused", () => {
  expect(() => [...unzip(Buffer.from("PK but no archive"))]).toThrow("not a zip archive");
});
