import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { accessOwner, describeOwner, HarnessError, hasOwnerEnded, keepAccess } from "../base/index.ts";
import { Cluster, type KeptRun, keptRuns } from "../cluster/index.ts";
import { ensureEngine, watchEngine } from "../engine/index.ts";
import { entryFor, openHome, SopsValues } from "../home/index.ts";
import { prepareImages } from "../images/index.ts";
import { makeAdministratorKnown } from "./administrator-key.ts";
import { type Credentials, makeKnown } from "./credentials.ts";
import type { WorldDescriptor } from "./descriptor.ts";
import { foundationOf, unlike } from "./foundation.ts";
import { platformInputs, replacementRules } from "./platform-inputs.ts";
import { RunningWorld } from "./running-world.ts";
import type { WorldOptions } from "./started-world.ts";
import { readDescriptor } from "./stored-descriptor.ts";
import { readFoundation, type StoredFoundation } from "./stored-foundation.ts";
import { storedSecretsIn } from "./stored-secrets.ts";

/**
 * Goes on with the world that was kept last, though its command has ended. Its files stay where they are; what the steps
 * write goes into this run's directory. Nothing is published yet, and nothing is known of its state.
 *
 * @throws HarnessError `environment` when there is none, it is in use, or it was built for something else.
 */
export async function reuseWorld(options: WorldOptions): Promise<RunningWorld> {
  const { progress, signal, manifests, outside } = options;
  const engine = await ensureEngine(progress, signal);
  const { runDir } = await newestKept(dirname(options.runDir));
  await takeOver(runDir);
  const stored = await readFoundation(runDir);
  const descriptor = { ...(await readDescriptor(runDir)), treeFile: join(options.runDir, "tree.json") };
  const sops = new SopsValues({}, stored.sops);
  const home = await progress.task("home", () => openHome({ manifests, outside, sops, signal }));
  const images = await prepareImages({ engine, source: options.images, progress, signal });
  const credentials = await credentialsOf(descriptor, stored);
  const inputs = platformInputs(options.store, { home, images, credentials });
  const entry = entryFor(home.rendered, home.needs, replacementRules(home, inputs));
  const others = unlike(stored.foundation, foundationOf({ home, entry, inputs, images }));
  if (others.length > 0) throw anotherFoundation(others);
  const cluster = new Cluster({
    kubeconfig: await readFile(descriptor.kubeconfigFile, "utf8"),
    nodes: descriptor.nodes,
    gateway: descriptor.gateway,
  });
  makeAdministratorKnown(cluster.descriptor.kubeconfig);
  await requireNodes(cluster);
  const parts = {
    options: { ...options, runId: descriptor.runId, runDir },
    descriptor: { ...descriptor, workspaces: home.workspaces },
    images,
    inputs,
    credentials,
    caPem: await readFile(descriptor.caFile, "utf8"),
    cluster,
    home,
    entry,
    foundation: stored.foundation,
    engineWatch: watchEngine(engine.host),
  };
  return new RunningWorld(parts, { stood: descriptor.workspaces });
}

/** Other checkouts that share the cache have worlds of their own. */
async function newestKept(resultsDir: string): Promise<KeptRun> {
  const isOurs = ({ runDir }: KeptRun) => dirname(resolve(runDir)) === resolve(resultsDir);
  const newest = (await keptRuns()).filter(isOurs).at(-1);
  if (newest !== undefined) return newest;
  throw new HarnessError("no world was kept that could be used again", {
    code: "environment",
    remedy: "keep one first: --keep always, or npm run up",
  });
}

/** Two commands in one world would judge each other's acts. */
async function takeOver(runDir: string): Promise<void> {
  const owner = await accessOwner(runDir);
  if (owner !== undefined && !hasOwnerEnded(owner)) {
    throw new HarnessError(`the kept world is in use by ${describeOwner(owner)}`, {
      code: "environment",
      remedy: "end that first, or leave out --reuse",
    });
  }
  await keepAccess(runDir);
}

async function credentialsOf(
  { secretsFile, publicValues }: WorldDescriptor,
  { age, hostKeys }: StoredFoundation,
): Promise<Credentials> {
  const { first, second, tokens, repositories } = await storedSecretsIn(secretsFile);
  const hidden = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => !publicValues.includes(value)));
  for (const values of [hidden(first), hidden(second), { ...tokens, "age key": age.identity }])
    makeKnown(values);
  return { ...tokens, age, hostKeys, dopplerSecrets: first, successors: second, repositories };
}

function anotherFoundation(others: readonly string[]): HarnessError {
  return new HarnessError(`the kept world was built for something else: ${others.join("; ")} would differ`, {
    code: "environment",
    remedy: "leave out --reuse, which starts a new one; npm run down removes the kept one",
  });
}

/** Containers that were stopped since would show as a timeout of some step. */
async function requireNodes(cluster: Cluster): Promise<void> {
  const running = await Promise.all(cluster.nodes.map((node) => node.isRunning().catch(() => false)));
  const down = cluster.nodes.filter((_, index) => !running[index]).map(({ name }) => name);
  if (down.length === 0) return;
  throw new HarnessError(`the kept world does not run any more: ${down.join(", ")}`, {
    code: "environment",
    remedy: "npm run down removes what is left of it; leave out --reuse",
  });
}
