import { mkdir, mkdtemp, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { newestOpenAccess, storeOpenAccess } from "./open-access.ts";

const workspace = { name: "opencode-ha", url: "https://ha", host: "ha", address: "127.0.0.1", port: 1 };
const access = (runId: string) => ({
  runId,
  caFile: "/ca.pem",
  browserImage: "browser:1",
  workspaces: [{ ...workspace, passwordFile: "/password" }],
});

it("is that of the cluster which was left last, for its user only", async () => {
  const results = await mkdtemp(join(tmpdir(), "results-"));
  onTestFinished(() => rm(results, { recursive: true }));
  await expect(newestOpenAccess(results)).rejects.toMatchObject({
    code: "environment",
    message: "no cluster with workspaces is running",
  });
  for (const [run, at] of Object.entries({ first: 1, last: 3, second: 2, "without-one": 0 })) {
    await mkdir(join(results, run, "access"), { recursive: true });
    if (at === 0) continue;
    await storeOpenAccess(join(results, run), access(run));
    await utimes(join(results, run, "access/open.json"), at, at);
  }
  expect(await newestOpenAccess(results)).toEqual({ access: access("last"), runDir: join(results, "last") });
  expect((await stat(join(results, "last/access/open.json"))).mode & 0o777).toBe(0o600);
});
