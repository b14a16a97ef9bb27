import { mkdtemp, readFile, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { imageDigests } from "../images/index.ts";
import { checkoutWithout, withDigests } from "./checkout-without.ts";

let directory: string;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), "checkout-")), "copy");
});
afterEach(() => rm(join(directory, ".."), { recursive: true }));

it("copies the checkout, takes the registries' own digests and leaves out what is to be missing", async () => {
  const digests = new Map(
    Object.keys(imageDigests).map((reference) => [reference, `sha256:of ${reference}`]),
  );
  const edit = { file: "harness/cli.ts", from: "process.argv.slice(2)", to: "[]" };
  await checkoutWithout(directory, [...withDigests(digests), edit]);
  const copied = await readFile(join(directory, "harness/images/digests.ts"), "utf8");
  for (const [reference, digest] of Object.entries(imageDigests)) {
    expect(copied).toContain(`"sha256:of ${reference}"`);
    expect(copied).not.toContain(digest);
  }
  expect(await readFile(join(directory, "harness/cli.ts"), "utf8")).toContain("runProgram([],");
  expect(await readFile(join(checkoutDir, "harness/cli.ts"), "utf8")).not.toContain("runProgram([],");
  expect(await realpath(join(directory, "results"))).toBe(await realpath(join(checkoutDir, "results")));
  await expect(stat(join(directory, ".git"))).rejects.toThrow(/ENOENT/);
});

it("refuses to leave out what is not there", async () => {
  const edit = { file: "harness/cli.ts", from: "nobody wrote this", to: "" };
  await expect(checkoutWithout(directory, [edit])).rejects.toThrow(/harness\/cli.ts has not what/);
});
