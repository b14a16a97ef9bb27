import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { cacheDir, checkoutDir, HarnessError, loadOrCreateAuthority, messageOf } from "../base/index.ts";
import { ensureEngine, withLock } from "../engine/index.ts";
import { type PreparedImages, prepareImages } from "../images/index.ts";
import { createProgress, formatDuration, formatTable } from "../report/index.ts";
import { checkoutWithout } from "./checkout-without.ts";
import { openScene, type Scene } from "./scene.ts";
import { startUpstream, upstreamNames } from "./upstream.ts";
import { type Omission, omissions } from "./without.ts";

const usage = `npm run rehearse -- [scenario…] [--without NAME…|none]

The way that a laptop with Docker and the runners of GitHub take, on a machine that reaches no registry: the registries of
the internet are emulated under their own names, an engine pulls from them, they fall silent, and the scenarios (all of them
if none is named) run on what was pulled. Then each mend of that way is left out once, and must fail with its own message.

It does not prove k3s itself, its containerd and its network, the images as they are published, the real chart, and how long
real pulls take.`;

interface Part {
  name: string;
  outcome: "passed" | "failed";
  ms: number;
  /** What was not as it must be. */
  why?: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    without: { type: "string", multiple: true, default: [] },
    json: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});

if (values.help) process.stdout.write(`${usage}\n`);
else await withLock(cacheDir("rehearsal.lock"), rehearse);

async function rehearse(): Promise<void> {
  requireRoot();
  const directory = cacheDir("rehearsal");
  await mkdir(directory, { recursive: true });
  const chosen = omissionsOf(values.without);
  const images = await preparedHere();
  const authority = await loadOrCreateAuthority(join(directory, "ca"));
  const parts: Part[] = [];
  await using scene = await openScene(directory, { names: upstreamNames, caPem: authority.certPem });
  await using engine = await engineIn(scene);
  {
    const part = await timed("images from the registries, which then fall silent", async () => {
      await using upstream = await startUpstream(scene, { directory, ...images, authority });
      await harness(scene, engine.host, checkoutDir, ["images", "--images", "registry"]);
      await upstream.stop();
    });
    parts.push(part);
    if (part.outcome === "failed") return tell(parts);
  }
  await scene.cutOff();
  const scenarios = positionals.length > 0 ? positionals : ["all"];
  parts.push(
    await timed(`scenario ${scenarios.join(" ")}`, () =>
      harness(scene, engine.host, checkoutDir, ["scenario", ...scenarios, "--images", "registry"]),
    ),
  );
  for (const omission of chosen) {
    parts.push(await timed(`without: ${omission.title}`, () => mustFail(scene, engine.host, omission)));
  }
  tell(parts);
}

function requireRoot(): void {
  if (process.platform === "linux" && process.getuid?.() === 0) return;
  throw new HarnessError("a rehearsal makes a network and mounts of its own, which only root may", {
    code: "environment",
    remedy: "run it as root on Debian or Ubuntu",
  });
}

function omissionsOf(names: readonly string[]): Omission[] {
  if (names.length === 0) return omissions;
  const unknown = names.find((name) => name !== "none" && !omissions.some((one) => one.name === name));
  if (unknown !== undefined) {
    const known = omissions.map(({ name }) => name).join(", ");
    throw new HarnessError(`there is nothing called ${unknown} to be left out; there are ${known}`, {
      code: "usage",
    });
  }
  return omissions.filter(({ name }) => names.includes(name));
}

/** What the emulated registries hold, made from packages in this machine's own engine. */
async function preparedHere() {
  const display = createProgress(process.stdout, { isTTY: false, env: process.env });
  try {
    const engine = await ensureEngine(display.progress);
    const images: PreparedImages = await prepareImages({
      engine,
      source: "packages",
      progress: display.progress,
    });
    return { engine, images };
  } finally {
    display.close();
  }
}

/** An engine that sees the scene's names and nothing of this machine's network. */
async function engineIn(scene: Scene): Promise<AsyncDisposable & { host: string }> {
  const control = (verb: string) => inScene(scene, ["node", join(import.meta.dirname, "engine.ts"), verb]);
  const { stdout: host } = await control("start");
  return { host: `${host}`, [Symbol.asyncDispose]: async () => void (await control("stop")) };
}

/** A scene has a cache of its own: nothing that is prepared here counts there. */
const environment = () => ({
  OPENCODE_HARNESS_CACHE: cacheDir("rehearsal", "cache"),
  PATH: `${join(checkoutDir, "node_modules/.bin")}:${process.env.PATH}`,
  CI: "true",
});

function inScene(scene: Scene, command: readonly string[], options: object = {}) {
  const [program, ...args] = scene.inside(command);
  return execa(program, args, { env: environment(), ...options });
}

/** Runs a command of the harness as its user would, and shows what it says. Throws with that when it fails. */
async function harness(scene: Scene, host: string, checkout: string, args: readonly string[]): Promise<void> {
  process.stdout.write(`::: ${args.join(" ")}\n`);
  await inScene(scene, ["node", "harness/cli.ts", ...args], {
    cwd: checkout,
    env: { ...environment(), DOCKER_HOST: host },
    all: true,
    stdout: ["pipe", "inherit"],
    stderr: ["pipe", "inherit"],
  });
}

async function mustFail(scene: Scene, host: string, { name, edits, command, says }: Omission): Promise<void> {
  const copy = cacheDir("rehearsal", `without-${name}`);
  await checkoutWithout(copy, edits);
  try {
    await harness(scene, host, copy, command);
  } catch (error) {
    const { all = "" } = error as { all?: string };
    if (says.test(all)) return;
    throw new Error(`it failed, but did not say ${says}`, { cause: error });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  throw new Error("it passed: nothing needs what was left out");
}

async function timed(name: string, work: () => Promise<void>): Promise<Part> {
  const startedAt = performance.now();
  const ms = () => Math.round(performance.now() - startedAt);
  try {
    await work();
    return { name, outcome: "passed", ms: ms() };
  } catch (error) {
    return { name, outcome: "failed", ms: ms(), why: messageOf(error).split("\n")[0] ?? "" };
  }
}

function tell(parts: readonly Part[]): void {
  const rows = parts.map(({ name, outcome, ms, why = "" }) => [outcome, formatDuration(ms), name, why]);
  process.stdout.write(`\n${formatTable(rows)}\n`);
  if (parts.some(({ outcome }) => outcome === "failed")) process.exitCode = 1;
}
