import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  cacheDir,
  type Progress,
  removeLeftAccess,
  removeLeftScratch,
  type Whereabouts,
} from "../base/index.ts";
import type { TreeDifferences } from "../check/index.ts";
import type { LockOptions, Stopped } from "../engine/index.ts";
import type { HomeOptions } from "../home/index.ts";
import type { PreparedImages } from "../images/index.ts";
import type { ImageSource, ReuseWorld, StartWorld } from "../scenario/index.ts";
import type { Shown, ShowOptions } from "./show-workspaces.ts";
import { usualBase } from "./usual-base.ts";

/** The rooms below the command line, as the commands use them; the unit tests put fakes here. */
export interface Rooms {
  startWorld: StartWorld;
  reuseWorld: ReuseWorld;
  /** A shell on this terminal, with kubectl and these keys. */
  enterShell(kubeconfigFile: string, env: NodeJS.ProcessEnv): Promise<void>;
  /** Module with `attachWorld`, for the vitest worker. */
  worldModule: string;
  /** What can be said of a tree without a cluster. Starts nothing. */
  check(options: HomeOptions): Promise<Checked>;
  prepareImages(options: {
    source: ImageSource;
    progress: Progress;
    signal: AbortSignal;
  }): Promise<Pick<PreparedImages, "components" | "directory">>;
  /** Whether a run would find every image ready. Asks neither an engine nor the network. */
  areImagesPrepared(): Promise<boolean>;
  /** Removes what killed commands of this cache left behind; with `kept` also its clusters that were kept. Returns run ids. */
  removeLeftovers(options: LeftoverOptions): Promise<string[]>;
  /** Shows workspaces of the cluster that was left running last. */
  showWorkspaces(options: ShowOptions): Promise<Shown>;
  /** Stops the private engine, unless somebody uses it. */
  stopPrivateEngine(options: LockOptions): Promise<Stopped>;
  /** Shows the file in the user's browser. */
  openInBrowser(file: string): Promise<void>;
}

export interface Checked {
  /** What cannot work in any cluster, a paragraph each. */
  blockers: string[];
  /** Where that stands. */
  places: Whereabouts[];
  /** Where else something is wrong, and what. */
  wrong: Whereabouts[];
  /** What is for the owner to judge. */
  toJudge: Whereabouts[];
  /** How its workspaces differ from each other, and it from what was committed: what a failure may come from. */
  differences(): Promise<TreeDifferences>;
}

export interface LeftoverOptions {
  /** Where runs have their keys. */
  resultsDir: string;
  progress: Progress;
  kept: boolean;
  /** Ends the start of an engine. */
  signal: AbortSignal;
}

const worldModule = join(import.meta.dirname, "..", "world", "index.ts");

/** The real rooms, each loaded when it is first used: --help, --list and a wrong name answer at once. */
export function loadRooms(): Rooms {
  const engines = () => import("../engine/index.ts");
  const images = () => import("../images/index.ts");
  return {
    worldModule,
    reuseWorld: async (options) => (await import("../world/index.ts")).reuseWorld(options),
    enterShell: async (...where) => (await import("./kube-shell.ts")).kubeShell(...where),
    startWorld: async (options) => (await import("../world/index.ts")).startWorld(options),
    check,
    async prepareImages(options) {
      const engine = await (await engines()).ensureEngine(options.progress, options.signal);
      return (await images()).prepareImages({ ...options, engine });
    },
    areImagesPrepared: async () => (await images()).areImagesPrepared(),
    removeLeftovers,
    showWorkspaces: async (options) => (await import("./show-workspaces.ts")).showWorkspaces(options),
    stopPrivateEngine: async (options) => (await engines()).stopPrivateEngine(options),
    openInBrowser: async (file) => void (await (await import("open")).default(file)),
  };
}

async function check(options: HomeOptions): Promise<Checked> {
  const { blockers, checkTree, paragraphs, toldPlaces, treeDifferences } = await import("../check/index.ts");
  const result = await checkTree(options);
  const { findings } = result;
  const blocking = blockers(findings);
  const directory = process.cwd();
  const told = (chosen: typeof findings) => toldPlaces(result, chosen, directory);
  return {
    blockers: paragraphs(result, blocking, directory),
    places: told(blocking),
    wrong: told(findings.filter((one) => one.severity === "error" && !blocking.includes(one))),
    toJudge: told(findings.filter(({ severity }) => severity === "warning")),
    differences: () => treeDifferences(result, options.manifests, usualBase(process.env)),
  };
}

/** Where no engine ever ran nothing can be left, and none is fetched just to look. */
async function hasEngine(signal: AbortSignal): Promise<boolean> {
  const { findSystemEngine } = await import("../engine/index.ts");
  return existsSync(cacheDir("engine")) || (await findSystemEngine(signal)) !== undefined;
}

async function removeLeftovers(options: LeftoverOptions): Promise<string[]> {
  const { resultsDir, kept } = options;
  await removeLeftAccess(resultsDir, { kept: false }); // whether an engine answers or not
  await removeLeftScratch();
  const removed = await removeLeftRuns(options);
  if (kept) await removeLeftAccess(resultsDir, { kept });
  return removed;
}

async function removeLeftRuns({ progress, kept, signal }: LeftoverOptions): Promise<string[]> {
  if (!(await hasEngine(signal))) return [];
  const { answersPing, dockerAt, ensureEngine, privateEngineHost } = await import("../engine/index.ts");
  const engine = await ensureEngine(progress, signal);
  const { removeKept, removeLeftovers: remove } = await import("../cluster/index.ts");
  const clean = async (host: string) => {
    const docker = dockerAt(host);
    return [...(await remove(docker)), ...(kept ? await removeKept(docker) : [])];
  };
  const removed = await clean(engine.host);
  // Where Docker has been started since there may be a private engine beside it, with clusters of its own.
  const other = privateEngineHost();
  const isBeside = kept && other !== engine.host && (await answersPing(other, undefined, signal));
  return isBeside ? [...removed, ...(await clean(other))] : removed;
}
