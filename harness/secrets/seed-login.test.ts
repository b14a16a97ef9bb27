import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { watchProgram } from "../../fixtures/operator/watch.ts";
import { fakeMachine } from "../operator/fake-machine.ts";
import type { OperatorMachine } from "../operator/index.ts";
import { seedFromNewMachine, seedLogin } from "./seed-login.ts";

describe("seeding", () => {
  let machine: OperatorMachine;
  /** What was run there; the script itself is run as the image's watcher does it. */
  let commands: string[][];
  beforeEach(async () => {
    const fake = await fakeMachine();
    commands = [];
    machine = {
      ...fake,
      run: async (command) => {
        commands.push([...command]);
        const [, , file = "", ...args] = command;
        const run = await watchProgram({
          file,
          args,
          directory: fake.home,
          env: { HOME: fake.home, PATH: process.env.PATH },
        });
        return { exitCode: 0, output: "", stdout: `${JSON.stringify(run)}\n` };
      },
    };
  });
  afterEach(() => machine[Symbol.asyncDispose]());

  const call = { args: ["--sync", "ha"], of: ["opencode-ha"], isShown: true };
  const seed = { call, login: '{"a":"the login"}', dopplerToken: "the token" };
  const run = (script: string) => seedLogin(machine, { ...seed, script }, new AbortController().signal);

  it("happens on the operator's machine, where login and token are files for its user only", async () => {
    const { output } = await run(
      '#!/bin/sh\necho "$@"; cat "$HOME/.local/share/opencode/auth.json"; sleep 0.2',
    );
    expect(output).toBe('--sync ha\n{"a":"the login"}');
    expect(await readFile(join(machine.home, ".doppler/token"), "utf8")).toBe("the token");
    expect((await stat(join(machine.home, ".doppler/token"))).mode & 0o777).toBe(0o600);
    expect(commands).toEqual([
      ["node", "/fixtures/operator.js", `${machine.home}/seed-copilot-auth.sh`, "--sync", "ha"],
    ]);
  });

  it("keeps its machine until the script has ended, and no longer", async () => {
    const acts: string[] = [];
    const script = "#!/bin/sh\nsleep 0.2; echo done";
    const stage = {
      startOperatorMachine: async () => ({
        ...machine,
        run: async (...args: Parameters<typeof machine.run>) => {
          const run = await machine.run(...args);
          acts.push("ended");
          return run;
        },
        [Symbol.asyncDispose]: async () => void acts.push("gone"),
      }),
    };
    await seedFromNewMachine(stage, { ...seed, script }, new AbortController().signal);
    expect(acts).toEqual(["ended", "gone"]);
  });

  it("fails with what the script says", async () => {
    await expect(run("#!/bin/sh\necho no doppler >&2; exit 4")).rejects.toMatchObject({
      code: "failed",
      message: expect.stringContaining("ends with exit code 4 and stores no login for opencode-ha"),
      details: "no doppler\n",
    });
  });

  it("does not fail for a script that refuses arguments which no document shows", async () => {
    const script = "#!/bin/sh\necho 'unknown argument: --sync' >&2; exit 2";
    await expect(run(script)).rejects.toMatchObject({ code: "failed" });
    const guessed = { ...seed, script, call: { ...call, isShown: false } };
    await expect(seedLogin(machine, guessed, new AbortController().signal)).rejects.toMatchObject({
      code: "environment",
      details: expect.stringContaining("with `--sync ha`: unknown argument"),
    });
  });

  it("says so when the machine cannot watch it", async () => {
    machine.run = async () => ({ exitCode: 1, output: "node: not found", stdout: "" });
    await expect(run("#!/bin/sh")).rejects.toMatchObject({ code: "environment", details: "node: not found" });
  });
});
