import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { startGitHub } from "../../fixtures/github/index.ts";
import { testCertificate } from "../../fixtures/stand-in/test-certificate.ts";
import { type RunFact, silent, withinTask } from "../base/index.ts";
import { fluxCredential, GitHubControl } from "./github-control.ts";

it("tells the timeline the clones that are forgotten, but Flux's", async () => {
  const dir = await mkdtemp(join(tmpdir(), "clones-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const tls = await testCertificate("github.com");
  await writeFile(join(dir, "ca.pem"), tls.certPem);
  const started = stack.use(await startGitHub({ tls, host: "127.0.0.1", root: join(dir, "repositories") }));
  const url = `http://127.0.0.1:${started.controlPort}`;
  const github = new GitHubControl({ url, token: started.controlToken });
  const tokens = { PAT: "ghp_0123456789", [fluxCredential]: "ghp_9876543210" };
  await github.createRepository("a/b", { files: { "a.txt": "a\n" }, tokens });
  const clone = (token: string, to: string) =>
    execa(
      "git",
      ["clone", "--quiet", `https://x:${token}@github.com:${started.port}/a/b.git`, join(dir, to)],
      {
        extendEnv: false,
        env: {
          PATH: process.env.PATH,
          HOME: dir,
          GIT_CONFIG_NOSYSTEM: "1",
          GIT_SSL_CAINFO: join(dir, "ca.pem"),
          GIT_CONFIG_COUNT: "1",
          GIT_CONFIG_KEY_0: "http.curloptResolve",
          GIT_CONFIG_VALUE_0: `github.com:${started.port}:127.0.0.1`,
        },
      },
    );
  await clone(tokens.PAT, "one");
  await clone(tokens.PAT, "two");
  await clone(tokens[fluxCredential] ?? "", "flux");
  expect(await github.clones()).toEqual({ "a/b": 2 });
  const facts: RunFact[] = [];
  const task = { ...silent, record: (fact: RunFact) => void facts.push(fact) };
  await withinTask(task, () => github.forgetRequests());
  expect(facts).toEqual([{ what: "count", of: "a/b", amount: 2 }]);
  expect(await github.clones()).toEqual({});
});
