import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  HarnessError,
  keepAccess,
  kubectlBinary,
  type ManifestPlace,
  type Progress,
  shellWord,
  type Whereabouts,
} from "../base/index.ts";
import { type Cluster, markKept, removeRun } from "../cluster/index.ts";
import { explain } from "../diagnosis/index.ts";
import type { EngineWatch } from "../engine/index.ts";
import type { Tree } from "../gitops/index.ts";
import {
  type Entry,
  entryFor,
  fluxEntryOf,
  type Home,
  openHome,
  sourceOf,
  withHostKeys,
} from "../home/index.ts";
import type { PreparedImages } from "../images/index.ts";
import { emptyObjectStore } from "../internet/index.ts";
import { collectEvidence, type PodUsage, type UsageWatch, watchUsage } from "../observe/index.ts";
import type { KeylessInputs } from "../platform/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";
import type { Credentials } from "./credentials.ts";
import type { WorldDescriptor } from "./descriptor.ts";
import { endingOf } from "./ending.ts";
import { type Foundation, foundationOf, unlike } from "./foundation.ts";
import { ledgersOf } from "./ledgers/ledgers.ts";
import { storeOpenAccess } from "./open-access.ts";
import { platformInputs, replacementRules } from "./platform-inputs.ts";
import { PodNames } from "./pod-names.ts";
import { publishTree } from "./published-tree.ts";
import { emptyCluster, resumeWith } from "./reset.ts";
import { putStandInsBack } from "./stand-ins-back.ts";
import type { Ledgers, Reread, StartedWorld, TreeEdit, WorldAccess, WorldOptions } from "./started-world.ts";
import { storeDescriptor } from "./stored-descriptor.ts";
import { storeFoundation } from "./stored-foundation.ts";
import { storeTree } from "./stored-tree.ts";
import { changeOf } from "./tree-change.ts";
import { whereIsIn } from "./where-is.ts";
import { World } from "./world.ts";

export interface RunningWorldParts {
  options: WorldOptions;
  descriptor: WorldDescriptor;
  images: PreparedImages;
  inputs: KeylessInputs;
  credentials: Credentials;
  /** Certificate of the run's authority. */
  caPem: string;
  cluster: Cluster;
  home: Home;
  entry: Entry;
  /** What it was built for. */
  foundation: Foundation;
  engineWatch: EngineWatch;
}

/** The world from the side of the process that started it; see StartedWorld. */
export class RunningWorld implements StartedWorld {
  #parts: RunningWorldParts;
  #world: World;
  readonly #usage: UsageWatch;
  readonly #podNames: PodNames;
  #isKept: boolean;
  #isPaused = false;
  #published: { home: Home; tree: Tree; mutant?: string };
  /** The same as Git has it: what is secret sealed. */
  #sealed: Tree | undefined;
  /** Workspaces that were published since the world was empty. */
  #stood: WorkspaceFacts[];

  /** `kept` is one that an earlier command has kept: it stays, whatever becomes of this one. */
  constructor(parts: RunningWorldParts, kept?: { stood: WorkspaceFacts[] }) {
    const { cluster, home } = parts;
    this.#parts = parts;
    this.#isKept = kept !== undefined;
    this.#stood = kept?.stood ?? [];
    this.#published = { home, tree: home.tree };
    this.#usage = watchUsage(cluster);
    this.#podNames = new PodNames(cluster);
    this.#world = worldOf(parts);
  }

  get descriptor(): WorldDescriptor {
    return this.#parts.descriptor;
  }

  get kubeconfigFile(): string {
    return this.descriptor.kubeconfigFile;
  }

  get lost(): AbortSignal {
    return this.#parts.engineWatch.lost;
  }

  /** The descriptor that the workers get; access() adds what a person needs, once the workspaces answer. */
  get access(): WorldAccess {
    if (!this.#access) throw new HarnessError("the workspaces are not ready yet", { code: "failed" });
    return this.#access;
  }
  #access: WorldAccess | undefined;

  async publish(mutant?: TreeEdit, stored?: () => void): Promise<void> {
    const { home, cluster, credentials, caPem } = this.#parts;
    const edited = home.tree.copy();
    mutant?.edit(edited);
    this.#published = { home, tree: edited, ...(mutant ? { mutant: mutant.name } : {}) };
    this.#stood.push(...home.workspaces);
    const { githubUrl, repository, treeFile } = this.descriptor;
    const remote = {
      url: `${githubUrl}/${repository}.git`,
      token: credentials.gitToken,
      caPem,
    };
    const encrypted = await home.sops.sealed(edited, credentials.age.recipient);
    const sealed = withHostKeys(encrypted, credentials.hostKeys.publicKeys);
    this.#sealed = sealed;
    await storeTree(treeFile, sealed);
    stored?.();
    const source = sourceOf(home.rendered);
    const revision = await publishTree({ cluster, remote, source }, sealed);
    if (this.#isPaused) {
      await resumeWith(cluster, { revision, entry: fluxEntryOf(home.rendered) }, this.#parts.options.signal);
    }
    this.#isPaused = false;
  }

  async takeBack(): Promise<void> {
    if (this.#sealed) await this.#world.takeBackTo(this.#sealed);
  }

  async reread(): Promise<Reread> {
    const { options, images, credentials, home: before, foundation } = this.#parts;
    const { manifests, outside, store, signal } = options;
    const home = await openHome({ manifests, outside, sops: before.sops, signal });
    const inputs = platformInputs(store, { home, images, credentials });
    const entry = entryFor(home.rendered, home.needs, replacementRules(home, inputs));
    const others = unlike(foundation, foundationOf({ home, entry, inputs, images }));
    const descriptor = { ...this.descriptor, workspaces: home.workspaces };
    return {
      change: changeOf(this.#published.home, home, others),
      take: () => {
        this.#parts = { ...this.#parts, home, inputs, entry, descriptor };
        this.#world = worldOf(this.#parts);
      },
    };
  }

  async ready(): Promise<void> {
    await explain(this.#world.untilFluxIsReady(this.#parts.options.signal));
    const { gateway, kubeconfigFile, caFile } = this.descriptor;
    const workspaces = await Promise.all(
      this.#world.workspaces.map(async (workspace) => {
        const user = await workspace.user();
        await user.untilAnswered("/");
        const passwordFile = join(this.#parts.options.runDir, "access", `${workspace.name}.password`);
        await writeFile(passwordFile, user.password, { mode: 0o600 });
        const host = user.api.hostname;
        return {
          name: workspace.name,
          host,
          url: `https://${host}`,
          address: gateway.host,
          port: gateway.httpsPort,
          passwordFile,
        };
      }),
    );
    this.#access = { kubeconfig: kubeconfigFile, caFile, workspaces };
    const { runId, browserImage } = this.descriptor;
    await storeOpenAccess(this.#parts.options.runDir, { runId, caFile, browserImage, workspaces });
  }

  async reset(progress: Progress): Promise<void> {
    this.#isPaused = true;
    const { cluster, descriptor, home, options } = this.#parts;
    const workspaces = [...this.#stood, ...home.workspaces];
    await emptyCluster(cluster, { ...home, workspaces }, { progress, signal: options.signal });
    this.#stood = [];
    // A backup of the tree before would fill the next one's claims.
    await emptyObjectStore(descriptor.objectStoreId);
    await putStandInsBack(this.#world);
  }

  whereIs(places: readonly ManifestPlace[]): Whereabouts[] {
    const { tree: published, mutant } = this.#published;
    const { tree: read, fileOf } = this.#parts.home;
    return whereIsIn({ read, fileOf, published, mutant }, places);
  }

  ledgers(): Promise<Ledgers> {
    const { cluster, images, inputs, home, entry } = this.#parts;
    const { note } = this.#parts.options.progress;
    const whoHad = (ip: string) => this.#podNames.nameOf(ip);
    const ending = () => endingOf(cluster, this.#world);
    return ledgersOf({ cluster, images, inputs, home, entry, whoHad, world: this.#world, ending, note });
  }

  usage(): PodUsage[] {
    return this.#usage.seen();
  }

  collectEvidence(directory: string): Promise<void> {
    return collectEvidence({ runId: this.descriptor.runId, cluster: this.#parts.cluster }, directory);
  }

  async keep(): Promise<string> {
    const { options, foundation, credentials, home } = this.#parts;
    const { runId, runDir } = options;
    const { age, hostKeys } = credentials;
    await storeDescriptor(runDir, this.descriptor); // of the tree as it is by now
    await storeFoundation(runDir, { foundation, age, hostKeys, sops: [...home.sops.all] });
    if (!this.#isKept) await markKept({ runId, runDir });
    await keepAccess(runDir);
    this.#isKept = true;
    // A path: a fresh machine has no kubectl of its own.
    const [file, kubectl] = [this.descriptor.kubeconfigFile, await kubectlBinary()].map(shellWord);
    return `KUBECONFIG=${file} ${kubectl} get pods --all-namespaces`;
  }

  /** Asks nothing of the cluster any more by itself; what was seen so far can still be told. */
  async stopWatching(): Promise<void> {
    await Promise.all([this.#usage[Symbol.asyncDispose](), this.#podNames[Symbol.asyncDispose]()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { options, engineWatch } = this.#parts;
    engineWatch[Symbol.dispose]();
    await this.stopWatching();
    if (this.#isKept) return;
    // Keys to a cluster that is gone are no evidence.
    await rm(join(options.runDir, "access"), { recursive: true, force: true });
    if (engineWatch.lost.aborted) {
      options.progress.note("the cluster cannot be removed without its engine; the next run does it");
      return;
    }
    await options.progress.task("remove the cluster", () => removeRun(options.runId));
  }
}

function worldOf({ descriptor, cluster, credentials, caPem }: RunningWorldParts): World {
  const { gitToken, controlToken } = credentials;
  return new World(descriptor, { kubeconfig: cluster.descriptor.kubeconfig, caPem, gitToken, controlToken });
}
