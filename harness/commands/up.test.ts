import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeAccess } from "./up.ts";

let dir: string;
beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), "up-")), "it's my cluster");
  await mkdir(dir);
  await writeFile(join(dir, "password"), "of the server");
  await writeFile(
    join(dir, "curl"),
    `#!${process.execPath}\nconst { readFileSync } = require("node:fs");
const args = process.argv.slice(2).map((arg, i, all) => all[i - 1] === "--config" ? readFileSync(arg, "utf8") : arg);
console.log(JSON.stringify(args));\n`,
  );
  await chmod(join(dir, "curl"), 0o755);
});
afterEach(() => rm(join(dir, ".."), { recursive: true, force: true }));

it("prints commands that a shell understands, wherever the checkout is", async () => {
  const workspace = { name: "flux", host: "flux.example", url: "https://flux.example", address: "127.0.0.1" };
  const text = describeAccess({
    kubeconfig: join(dir, "kubeconfig"),
    caFile: join(dir, "ca.pem"),
    workspaces: [{ ...workspace, port: 30443, passwordFile: join(dir, "password") }],
  });
  const lines = text.split("\n").map((line) => line.trim());
  const [curl = ""] = lines.filter((line) => line.startsWith("curl "));
  const [kubeconfig = ""] = lines.filter((line) => line.startsWith("export "));
  const script = `${curl}; ${kubeconfig}; echo "$KUBECONFIG"`;
  const { stdout } = await execa("bash", ["-c", script], { env: { PATH: `${dir}:${process.env.PATH}` } });
  const [args = "", variable] = stdout.split("\n");
  expect(JSON.parse(args)).toEqual(
    expect.arrayContaining([join(dir, "ca.pem"), 'user = "opencode:of the server"']),
  );
  expect(variable).toBe(join(dir, "kubeconfig"));
});
