import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cacheDir, checkoutDir, exitCodes, HarnessError, messageOf, newAuthority } from "../base/index.ts";
import { listenForInterrupts } from "../commands/index.ts";
import { canRunPrivateEngine, ensureEngine, withLock } from "../engine/index.ts";
import { prepareImages } from "../images/index.ts";
import { removeControlGroups } from "../machine/index.ts";
import { createProgress, failureOf } from "../report/index.ts";
import { loadScenarios, selectScenarios } from "../scenario/index.ts";
import { checkoutWithout, withDigests } from "./checkout-without.ts";
import { type Inside, makeCache, runHarness, startEngine } from "./commands-inside.ts";
import { type Part, tableOf, timed } from "./parts.ts";
import { controlGroup, openScene } from "./scene.ts";
import { fillShelf, type ShelfParts } from "./shelf.ts";
import { startUpstream, upstreamNames } from "./upstream.ts";
import { type Edit, type Omission, omissions, omissionsOf } from "./without.ts";

const usage = `npm run rehearse -- [scenario…] [--without NAME…|none]

The way that a laptop with Docker and the runners of GitHub take, on a machine that reaches no registry: the registries of
the internet are emulated under their own names, an engine pulls from them, they fall silent, and the scenarios (all of them
if none is named) run on what was pulled. Then each mend of that way is left out once, and must fail with its own message:

${omissions.map(({ name, title }) => `  ${name.padEnd(16)}  ${title}`).join("\n")}

It does not prove k3s itself, its containerd and its network, the rules that Docker gives the firewall, the images as they are
published, logins and limits of registries, the real chart, a machine without Go, and how long real pulls take.
`;

process.exitCode = await explained(async (signal) => {
  const { values, positionals } = asked();
  if (!values.help) return rehearse(positionals, omissionsOf(values.without), signal);
  process.stdout.write(usage);
  return true;
});

function asked() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        without: { type: "string", multiple: true, default: [] },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new HarnessError(messageOf(error), { code: "usage", remedy: "npm run rehearse -- --help" });
  }
}

/** The exit code, as every command has it. */
async function explained(work: (signal: AbortSignal) => Promise<boolean>): Promise<number> {
  using interrupts = listenForInterrupts(process, (text) => process.stderr.write(text));
  try {
    return (await work(interrupts.signal)) ? 0 : exitCodes.failed;
  } catch (error) {
    const { message, remedy = "", details = "", code = "environment" } = failureOf(error);
    process.stderr.write(`error: ${message}\n${remedy}\n${details}\n`);
    return exitCodes[code];
  }
}

async function rehearse(names: string[], chosen: Omission[], signal: AbortSignal): Promise<boolean> {
  const scenarios = names.length > 0 ? names : ["all"];
  selectScenarios(scenarios, await loadScenarios(join(checkoutDir, "scenarios"))); // told before anything is prepared
  await requireFit();
  const directory = cacheDir("rehearsal");
  const clear = async () => {
    await removeControlGroups(controlGroup);
    await rm(directory, { recursive: true, force: true });
  };
  const work = async () => {
    await clear(); // what a killed one left
    try {
      return await rehearseIn(directory, { scenarios, chosen, signal });
    } finally {
      await clear();
    }
  };
  const onWait = (holder: string) => process.stdout.write(`waiting for ${holder}, which rehearses\n`);
  const parts = await withLock(cacheDir("rehearsal.lock"), work, { signal, onWait });
  process.stdout.write(`\n${tableOf(parts)}\n`);
  return parts.every(({ outcome }) => outcome !== "failed");
}

async function requireFit(): Promise<void> {
  if (await canRunPrivateEngine()) return;
  throw new HarnessError(
    "a rehearsal makes processes, a network and mounts of its own, which only root may",
    {
      code: "environment",
      remedy: "run it as root on Debian or Ubuntu",
    },
  );
}

interface Rehearsed {
  scenarios: string[];
  chosen: Omission[];
  signal: AbortSignal;
}

async function rehearseIn(directory: string, { scenarios, chosen, signal }: Rehearsed): Promise<Part[]> {
  await mkdir(directory, { recursive: true });
  const prepared = await preparedHere(signal);
  const authority = await newAuthority({ dnsNames: [...upstreamNames] });
  await using scene = await openScene({ directory, names: upstreamNames, caPem: authority.certPem, signal });
  const cache = join(directory, "cache");
  await makeCache(cache);
  const inside = { scene, cache, host: await startEngine({ scene, cache }) };
  const checkout = join(directory, "checkout");
  const asUpstream: Edit[] = [];
  const part = await timed("images from the registries, which then fall silent", signal, async () => {
    const shelf = await fillShelf({ directory, signal, ...prepared });
    asUpstream.push(...withDigests(shelf.digests));
    await checkoutWithout(checkout, asUpstream);
    await using _upstream = await startUpstream(scene, { directory, shelf, authority });
    await mustPass(inside, checkout, ["images", "--images", "registry"]);
  });
  if (part.outcome === "failed") return [part];
  await scene.cutOff();
  await rm(join(directory, "registry"), { recursive: true, force: true });
  const parts = [part];
  parts.push(
    await timed(`scenario ${scenarios.join(" ")}`, signal, () =>
      mustPass(inside, checkout, ["scenario", ...scenarios, "--images", "registry"]),
    ),
  );
  for (const omission of chosen)
    parts.push(await without(omission, { inside, checkout, asUpstream, signal }));
  return parts;
}

/** What the emulated registries hold, made from packages in this machine's own engine. */
async function preparedHere(signal: AbortSignal): Promise<Pick<ShelfParts, "engine" | "images">> {
  const display = createProgress(process.stdout, { isTTY: false, env: process.env });
  try {
    const engine = await ensureEngine(display.progress, signal);
    const { progress } = display;
    return { engine, images: await prepareImages({ engine, source: "packages", progress, signal }) };
  } finally {
    display.close();
  }
}

interface Around {
  inside: Inside & { host: string };
  checkout: string;
  asUpstream: readonly Edit[];
  signal: AbortSignal;
}

async function without(omission: Omission, { inside, checkout, asUpstream, signal }: Around): Promise<Part> {
  const { title, edits, command, says, whyNot } = omission;
  const name = `without: ${title}`;
  const why = whyNot?.();
  if (why !== undefined) return { name, outcome: "skipped", ms: 0, why };
  return timed(name, signal, async () => {
    await checkoutWithout(checkout, [...asUpstream, ...edits]);
    const { exitCode, said } = await runHarness(inside, checkout, command);
    if (exitCode === 0) throw new Error("it passed: nothing needs what was left out");
    if (!says.test(said)) throw new Error(`it failed, but did not say ${says}`);
  });
}

async function mustPass(...run: Parameters<typeof runHarness>): Promise<void> {
  const { exitCode } = await runHarness(...run);
  if (exitCode !== 0) throw new Error(`it ended with exit code ${exitCode ?? "of a signal"}`);
}
