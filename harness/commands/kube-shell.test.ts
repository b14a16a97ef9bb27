import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { kubeShell } from "./kube-shell.ts";

it("is the user's own, with the cluster's keys and a kubectl that is there", async () => {
  const dir = await mkdtemp(join(tmpdir(), "kube-shell-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const [shell, said] = [join(dir, "shell"), join(dir, "said")];
  await writeFile(shell, `#!/bin/sh\n{ echo "$KUBECONFIG"; kubectl version --client; } > ${said}\nexit 3\n`);
  await chmod(shell, 0o755);
  await kubeShell("/run/kubeconfig", { SHELL: shell, PATH: "/usr/bin:/bin" });
  expect(await readFile(said, "utf8")).toMatch(/^\/run\/kubeconfig\nClient Version: v1\./);
});
