import { mark } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { digest, fluxRevision, type Tree, untilTaken } from "../gitops/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import type { WorldDescriptor } from "./descriptor.ts";
import { publishTree, untilTreeApplied } from "./published-tree.ts";
import { readStoredTree, storeTree } from "./stored-tree.ts";

/** The repository that Flux reads, as who may push to it sees it, and what Flux makes of what was pushed. */
export class WorldGit {
  readonly #cluster: Cluster;
  readonly #descriptor: WorldDescriptor;
  readonly #access: { token: string; caPem: string };

  constructor(cluster: Cluster, descriptor: WorldDescriptor, access: { token: string; caPem: string }) {
    this.#cluster = cluster;
    this.#descriptor = descriptor;
    this.#access = access;
  }

  /** The tree as it was published last. */
  tree(): Promise<Tree> {
    return readStoredTree(this.#descriptor.treeFile);
  }

  /** That of the tree, as Flux reports it. */
  async revision(): Promise<string> {
    return fluxRevision(await digest(await this.tree()));
  }

  /** Returns the revision as Flux will report it. */
  async pushEdited(edit: (tree: Tree) => void): Promise<string> {
    const tree = await this.tree();
    edit(tree);
    mark("a change is pushed to Git");
    return this.#push(tree);
  }

  /** The same with a tree in place of all that came after it. */
  pushReverted(tree: Tree): Promise<string> {
    mark("it is reverted in Git");
    return this.#push(tree);
  }

  /** Publishes this tree unless it is the published one. Returns its revision then, and waits for nothing. */
  async takeBackTo(tree: Tree): Promise<string | undefined> {
    if ((await digest(tree)) === (await digest(await this.tree()))) return undefined;
    return this.pushReverted(tree);
  }

  /** The same, and waits until Flux knows of it. */
  async restore(tree: Tree): Promise<void> {
    const revision = await this.takeBackTo(tree);
    if (revision === undefined) return;
    const options = { revision, timeoutMs: 30_000 };
    const { parents } = this.#descriptor.flux;
    // What Flux cannot apply is told by whoever waits for it.
    await Promise.allSettled(parents.map((parent) => untilTaken(this.#cluster, parent, options)));
  }

  /** Waits until Flux has applied it, or says that it cannot; `watched` tell what their pods say then. */
  async untilApplied(
    revision: string,
    watched: readonly DeployedWorkspace[],
    signal?: AbortSignal,
  ): Promise<void> {
    const diagnosePods = async () => {
      const diagnoses = await Promise.all(watched.map((workspace) => workspace.diagnose()));
      return diagnoses.join("\n");
    };
    const { flux: entry, workspaces } = this.#descriptor;
    const namespaces = [...new Set(workspaces.map(({ namespace }) => namespace))];
    await untilTreeApplied(this.#cluster, { entry, namespaces, revision, signal, diagnosePods });
  }

  async #push(tree: Tree): Promise<string> {
    const { githubUrl, repository, flux, treeFile } = this.#descriptor;
    const remote = { url: `${githubUrl}/${repository}.git`, ...this.#access };
    const revision = await publishTree({ cluster: this.#cluster, remote, source: flux.source }, tree);
    await storeTree(treeFile, tree);
    return revision;
  }
}
