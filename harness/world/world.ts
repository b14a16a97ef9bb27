import { dirname, join } from "node:path";
import type { HarnessError } from "../base/index.ts";
import { Cluster, pressedNode, untilPressed } from "../cluster/index.ts";
import { knowWorkspaces } from "../diagnosis/index.ts";
import type { Tree } from "../gitops/index.ts";
import {
  CopilotControl,
  DnsControl,
  DopplerControl,
  GitHubControl,
  type StartedBrowser,
} from "../internet/index.ts";
import type { OperatorMachine } from "../operator/index.ts";
import { DeployedWorkspace, type GatewayAccess } from "../workspace/index.ts";
import type { WorldDescriptor } from "./descriptor.ts";
import { withFirstCause } from "./first-cause.ts";
import { Kept } from "./kept.ts";
import { hasAll, type Need, notApplicable } from "./needs.ts";
import { runRootOf } from "./run-root.ts";
import { readSecrets, type StoredSecrets } from "./stored-secrets.ts";
import { WorldGit } from "./world-git.ts";
import { startBrowserIn, startMachineIn } from "./world-machines.ts";

/** What a world asks of the run that uses it. */
export interface RunAround {
  /** Aborted with the run, also between the steps and while the world is left. */
  interrupted: AbortSignal;
  /** Resolves when no other scenario is at work in the world, and none will be until this one has left. Again is fine. */
  alone(): Promise<void>;
}

export interface RunAccess {
  runId: string;
  /** Where this world's own files are: results/<run>/, for a second world world-2 in it. */
  directory: string;
  /** results/<run>/, also for a second world: what the scenarios of all worlds leave is there. */
  root: string;
}

/** A running world as the steps of a scenario see it: the cluster, the workspaces, and the internet around them. */
export class World implements AsyncDisposable {
  readonly cluster: Cluster;
  readonly github: GitHubControl;
  readonly doppler: DopplerControl;
  readonly copilot: CopilotControl;
  /** The records that external-dns makes. */
  readonly dns: DnsControl;
  /** All of them, whatever the step at work needs. */
  readonly allWorkspaces: readonly DeployedWorkspace[];
  #inView: readonly DeployedWorkspace[];
  readonly #descriptor: WorldDescriptor;
  readonly #caPem: string;
  readonly #git: WorldGit;
  /** As the workspaces' users reach the gateway. */
  readonly gateway: GatewayAccess;
  readonly #run: RunAround;
  readonly #kept: Kept;

  /** `run` is the one whose steps get this world. */
  constructor(
    descriptor: WorldDescriptor,
    secrets: { kubeconfig: string; caPem: string; gitToken: string; controlToken: string },
    run: RunAround = { interrupted: new AbortController().signal, alone: async () => {} },
  ) {
    this.#run = run;
    this.#kept = new Kept(run.interrupted);
    const { nodes, gateway } = descriptor;
    this.#descriptor = descriptor;
    this.#caPem = secrets.caPem;
    this.cluster = new Cluster({ kubeconfig: secrets.kubeconfig, nodes, gateway });
    this.#git = new WorldGit(this.cluster, descriptor, { token: secrets.gitToken, caPem: secrets.caPem });
    const { control } = descriptor;
    const accessTo = (url: string) => ({ url, token: secrets.controlToken });
    this.github = new GitHubControl(accessTo(control.github));
    this.doppler = new DopplerControl(accessTo(control.doppler));
    this.copilot = new CopilotControl(accessTo(control.copilot));
    this.dns = new DnsControl(accessTo(control.dns));
    const [listener] = descriptor.workspaces.flatMap(({ hosts }) =>
      hosts.flatMap(({ gateways }) => gateways),
    );
    this.gateway = {
      host: gateway.host,
      httpsPort: gateway.httpsPort,
      caPem: secrets.caPem,
      ...(listener ? { gateway: listener } : {}),
    };
    knowWorkspaces(descriptor.workspaces);
    this.allWorkspaces = descriptor.workspaces.map(
      (facts) => new DeployedWorkspace(facts, this.cluster, this.gateway),
    );
    this.#inView = this.allWorkspaces;
  }

  /** The workspaces that the step at work may look at. */
  get workspaces(): readonly DeployedWorkspace[] {
    return this.#inView;
  }

  /**
   * From now on `workspaces` are those that have all of this. Returns why the step is not applicable, where none has; all of
   * them stay in view then.
   */
  lookOnlyAt(needs: readonly Need[]): string | undefined {
    const facts = this.allWorkspaces.map((workspace) => workspace.facts);
    const why = notApplicable(facts, needs);
    this.#inView =
      why === undefined
        ? this.allWorkspaces.filter((one) => hasAll(one.facts, needs, facts))
        : this.allWorkspaces;
    return why;
  }

  /** One of the workspaces, where one is enough; `last` is another where there are several. */
  get first(): DeployedWorkspace {
    return this.workspaces[0] as DeployedWorkspace;
  }

  get last(): DeployedWorkspace {
    return this.workspaces.at(-1) as DeployedWorkspace;
  }

  workspace(name: string): DeployedWorkspace {
    const found = this.workspaces.find((candidate) => candidate.name === name);
    if (!found)
      throw new RangeError(
        `there is no workspace ${name}; there are ${this.workspaces.map(({ name }) => name).join(", ")}`,
      );
    return found;
  }

  /** Does the same in every workspace at once. */
  async inEach(act: (workspace: DeployedWorkspace) => Promise<void>): Promise<void> {
    await Promise.all(this.workspaces.map(act));
  }

  /** Waits until no other scenario is at work here; from then on none is. For what takes something away from others. */
  alone(): Promise<void> {
    return this.#run.alone();
  }

  /** Keeps something open from step to step; it is disposed of after the scenario's last one, whatever came. */
  keep<T extends AsyncDisposable>(thing: T): T {
    return this.#kept.keep(thing);
  }

  /**
   * Starts a browser beside the cluster, where the workspaces' hosts lead to the gateway and no other name resolves.
   * It trusts the harness's authority, or with `trusting: "nobody"` only the public ones.
   */
  async startBrowser({ trusting }: { trusting: "the authority" | "nobody" }): Promise<StartedBrowser> {
    const caPem = trusting === "the authority" ? this.#caPem : undefined;
    return this.#kept.begin(startBrowserIn(this.#descriptor, { caPem, interrupted: this.#run.interrupted }));
  }

  /** Starts a machine for an operator, from where the cluster and the run's internet are reached and nothing else. */
  async startOperatorMachine(): Promise<OperatorMachine> {
    const access = { kubeconfig: this.cluster.descriptor.kubeconfig, caPem: this.#caPem };
    return this.#kept.begin(
      startMachineIn(this.#descriptor, { ...access, interrupted: this.#run.interrupted }),
    );
  }

  /** File for a picture of this name: pictures/<name>.png in the directory of this world. */
  picture = (name: string): string => join(this.run.directory, "pictures", `${name}.png`);

  /** Every secret of the run, also those to rotate to. */
  secrets(): Promise<StoredSecrets> {
    return readSecrets(this.#descriptor.secretsFile);
  }

  /** The run that the world belongs to. */
  get run(): RunAccess {
    const { runId, treeFile } = this.#descriptor;
    const directory = dirname(treeFile);
    return { runId, directory, root: runRootOf(directory) };
  }

  /** Values that stand in Secrets and are none. */
  get publicValues(): readonly string[] {
    return this.#descriptor.publicValues;
  }

  /** What says that a node is short of something, if one is: what fails then says nothing about the manifests. */
  pressedNode(): Promise<HarnessError | undefined> {
    return pressedNode(this.cluster.objects);
  }

  /** Never returns; throws what says so as soon as a node stays short of something. */
  untilPressed(signal: AbortSignal): Promise<never> {
    return untilPressed(this.cluster, signal);
  }

  /** What failed, with the first cause of it in front where it is a consequence; `since`: milliseconds since 1970. */
  withFirstCause(error: unknown, since: number): Promise<unknown> {
    return withFirstCause(error, { cluster: this.cluster, workspaces: this.allWorkspaces, since });
  }

  /** The tree as it was published last. */
  tree(): Promise<Tree> {
    return this.#git.tree();
  }

  /**
   * Waits until Flux reports the published tree as applied: its revision is the digest of the tree, so that this
   * also proves which tree is under test. Ends at once with Flux's own words when it cannot.
   */
  async untilFluxIsReady(signal?: AbortSignal): Promise<void> {
    await this.#untilApplied(await this.#git.revision(), signal);
  }

  /** Edits the tree, publishes it as a push to main would, and waits until Flux has applied it. */
  async changeThroughGit(edit: (tree: Tree) => void, signal?: AbortSignal): Promise<void> {
    await this.#untilApplied(await this.pushToGit(edit), signal);
  }

  /**
   * Edits the tree and publishes it as a push to main would. Returns the revision as Flux will report it, and waits for
   * nothing: what is pushed may be what Flux cannot apply.
   */
  pushToGit(edit: (tree: Tree) => void): Promise<string> {
    return this.#git.pushEdited(edit);
  }

  /** Publishes this tree in place of all that came after it, as a revert does. Returns its revision, as `pushToGit`. */
  pushTree(tree: Tree): Promise<string> {
    return this.#git.pushReverted(tree);
  }

  /** As `pushTree`, unless it is the published one. */
  async takeBackTo(tree: Tree): Promise<void> {
    await this.#git.takeBackTo(tree);
  }

  /** As `pushTree`; waits until Flux has applied it. */
  async revertGitTo(tree: Tree, signal?: AbortSignal): Promise<void> {
    await this.#untilApplied(await this.pushTree(tree), signal);
  }

  /**
   * Publishes this tree when it is disposed of, unless it is the published one by then, and waits until Flux knows of it;
   * whoever comes next waits until it is applied.
   */
  reverted(tree: Tree): AsyncDisposable {
    return { [Symbol.asyncDispose]: () => this.#git.restore(tree) };
  }

  #untilApplied(revision: string, signal?: AbortSignal): Promise<void> {
    return this.#git.untilApplied(revision, this.workspaces, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Only what a scenario kept: watches end with their waits, and the world belongs to the process that started it.
    await this.#kept[Symbol.asyncDispose]();
  }
}
