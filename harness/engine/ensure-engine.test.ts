import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Progress, silent } from "../base/index.ts";
import { ensureEngine } from "./ensure-engine.ts";

let dir: string;
let server: Server;
let host: string;
/** What the engine says of itself, by path. */
let answers: Record<string, unknown>;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "ensure-"));
  await writeFile(join(dir, "docker"), "#!/bin/sh\n");
  await chmod(join(dir, "docker"), 0o755);
  host = `unix://${join(dir, "engine.sock")}`;
  answers = {};
  server = createServer(({ url = "" }, response) => response.end(JSON.stringify(answers[url] ?? "OK")));
  await new Promise<void>((resolve) => server.listen(join(dir, "engine.sock"), resolve));
  vi.stubEnv("DOCKER_HOST", host);
  vi.stubEnv("PATH", `${dir}:${process.env.PATH}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.close();
  await rm(dir, { recursive: true, force: true });
});

function remembering(): { progress: Progress; titles: string[] } {
  const titles: string[] = [];
  const task: Progress["task"] = (title, work) => {
    titles.push(title);
    return work(silent);
  };
  return { progress: { ...silent, task }, titles };
}

it("shows the engine once, however many parts of a command ask for it", async () => {
  const { progress, titles } = remembering();
  const first = await ensureEngine(progress);
  expect(await ensureEngine(progress)).toBe(first);
  expect(first.host).toBe(host);
  expect(titles).toEqual(["Container engine"]);
});

it("looks again when the one that it knew is not the one any more", async () => {
  const { progress, titles } = remembering();
  // Of another test, at another address.
  await ensureEngine(progress);
  expect(titles).toEqual(["Container engine"]);
});

it("refuses an engine that cannot run nodes, with what to do", async () => {
  answers = { "/info": { SecurityOptions: ["name=rootless"], Architecture: "x86_64" }, "/version": {} };
  await expect(ensureEngine(remembering().progress)).rejects.toMatchObject({
    code: "environment",
    message: expect.stringMatching(/^at unix:.* Docker is rootless/),
    remedy: expect.stringContaining("docker context use default"),
  });
});

it("does nothing after an interruption", async () => {
  const { progress, titles } = remembering();
  const interrupted = AbortSignal.abort(new Error("interrupted"));
  await expect(ensureEngine(progress, interrupted)).rejects.toThrow("interrupted");
  expect(titles).toEqual([]);
});
