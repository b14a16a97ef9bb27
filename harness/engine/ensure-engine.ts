import { HarnessError, type Progress, type Task, UnderWay } from "../base/index.ts";
import { type Engine, engineAt } from "./engine.ts";
import { engineFacts } from "./engine-facts.ts";
import { noteUse } from "./engine-users.ts";
import { withLock } from "./lock.ts";
import { answersPing } from "./ping.ts";
import { canRunPrivateEngine, startPrivateEngine } from "./private-engine.ts";
import { privatePlace } from "./private-place.ts";
import { findSystemEngine, hasDockerClient } from "./system-engine.ts";
import { type Unfit, unfitEngine, unfitMachine } from "./unfit.ts";

/**
 * A container engine that answers: Docker as the user has it, else a private one on Debian and Ubuntu as root.
 * Afterwards this process's environment leads Testcontainers to it.
 * @param signal ends it at once, with nothing left behind that it has begun
 * @throws HarnessError `environment` with what to do when there is none.
 */
export async function ensureEngine(progress: Progress, signal?: AbortSignal): Promise<Engine> {
  signal?.throwIfAborted();
  // Every part of a command asks for it: the first one shows it, for the others it is there.
  if (ensured && process.env.DOCKER_HOST === ensured.host && (await answersPing(ensured.host, 2_000)))
    return ensured;
  requireFit(unfitMachine(process.platform, process.arch));
  return searches.join("engine", async () => {
    const engine = await progress.task("Container engine", (task) => findOrStart(task, signal));
    leadTestcontainersTo(engine);
    ensured = engine;
    return engine;
  });
}

const searches = new UnderWay<Engine>();

async function requireFitEngine(host: string): Promise<void> {
  const facts = await engineFacts(host);
  requireFit(facts && unfitEngine(facts), `at ${host} `);
}

function requireFit(unfit: Unfit | undefined, where = ""): void {
  if (unfit === undefined) return;
  throw new HarnessError(`${where}${unfit.found}`, { code: "environment", remedy: unfit.remedy });
}

/** As this process has found or started it. */
let ensured: Engine | undefined;

async function findOrStart(task: Task, signal: AbortSignal | undefined): Promise<Engine> {
  const host = await findSystemEngine(signal);
  if (host !== undefined) {
    await requireFitEngine(host);
    if (await hasDockerClient()) return engineAt("system", host, "docker");
    throw new HarnessError(`a container engine answers at ${host}, but there is no docker client on PATH`, {
      code: "environment",
      remedy: "Install the docker client (docker-cli or docker-ce-cli).",
    });
  }
  if (!(await canRunPrivateEngine())) {
    throw new HarnessError("no container engine answers", {
      code: "environment",
      remedy: "Start Docker, or run as root on Debian or Ubuntu, where the harness brings its own.",
    });
  }
  return takePrivate(task, signal);
}

async function takePrivate(task: Task, signal: AbortSignal | undefined): Promise<Engine> {
  const { lock, users } = privatePlace();
  const start = async () => {
    const engine = await startPrivateEngine(task, { signal });
    await noteUse(users);
    return engine;
  };
  const onWait = (holder: string) => task.update(`waiting for ${holder}, which is starting or stopping it`);
  return withLock(lock, start, { onWait, signal });
}

function leadTestcontainersTo(engine: Engine): void {
  process.env.DOCKER_HOST = engine.host;
  // A kept cluster outlives the command, which Ryuk would not allow; clean-up after a crash goes by our own labels.
  process.env.TESTCONTAINERS_RYUK_DISABLED = "true";
  // A machine with /.dockerenv looks like a container to Testcontainers, which then asks the bridge's gateway.
  if (engine.kind === "private") process.env.TESTCONTAINERS_HOST_OVERRIDE = "127.0.0.1";
}
