import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { bundle } from "./fixture-bundles.ts";

const standIns = ["github", "doppler", "copilot", "npm", "dns-recorder"];

it.each(standIns)("%s is a program in one file, which needs node and nothing else", async (name) => {
  const directory = await mkdtemp(join(tmpdir(), "bundle-test-"));
  try {
    await bundle(directory, { [name]: `${name}/main.ts` });
    const options = { reject: false, extendEnv: false, env: {} } as const;
    const { stderr } = await execa(process.execPath, [join(directory, `${name}.js`)], options);
    expect(stderr).toContain("TLS_CERT must name a file"); // its first setting: all of it was found
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
