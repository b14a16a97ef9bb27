import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { flush } from "./flush.ts";

const flushed = (pattern: string) => execa("sh", ["-c", flush, "sh", pattern], { reject: false });

it("passes over a pod without a volume of ceph-block, whose pattern matches nothing", async () => {
  expect(await flushed("/nowhere/*/mount")).toMatchObject({ exitCode: 0, stderr: "" });
});

it("brings what is there up to date, and says when it cannot", async () => {
  const directory = await mkdtemp(join(tmpdir(), "flush-"));
  expect(await flushed(`${directory}*`)).toMatchObject({ exitCode: 0 });
  await rm(directory, { recursive: true });
  const broken = await execa("sh", ["-c", `sync() { return 3; }; ${flush}`, "sh", "/tm*"], { reject: false });
  expect(broken.exitCode).toBe(3);
});
