import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { labelsOf, mark, networkNameOf } from "../base/index.ts";
import { Cluster, gatewayNodePorts } from "../cluster/index.ts";
import { knowWorkspaces } from "../diagnosis/index.ts";
import { digest, fluxRevision, type Tree, untilTaken } from "../gitops/index.ts";
import {
  CopilotControl,
  DnsControl,
  DopplerControl,
  GitHubControl,
  type StartedBrowser,
  startBrowser,
} from "../internet/index.ts";
import { type OperatorMachine, startOperatorMachine } from "../operator/index.ts";
import { hasAll, type Need, notApplicable } from "../rendering/index.ts";
import { DeployedWorkspace, type GatewayAccess } from "../workspace/index.ts";
import { type WorldDescriptor, worldDescriptor } from "./descriptor.ts";
import { Kept } from "./kept.ts";
import { publishTree, untilTreeApplied } from "./published-tree.ts";
import { readSecrets, type StoredSecrets } from "./stored-secrets.ts";
import { readStoredTree, storeTree } from "./stored-tree.ts";

export interface RunAccess {
  runId: string;
  /** results/<run>/ */
  directory: string;
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
  readonly #gitToken: string;
  /** As the workspaces' users reach the gateway. */
  readonly gateway: GatewayAccess;
  readonly #interrupted: AbortSignal;
  readonly #kept: Kept;

  /** `interrupted` is that of the run whose steps get this world. */
  constructor(
    descriptor: WorldDescriptor,
    secrets: { kubeconfig: string; caPem: string; gitToken: string; controlToken: string },
    interrupted = new AbortController().signal,
  ) {
    this.#interrupted = interrupted;
    this.#kept = new Kept(interrupted);
    const { nodes, gateway } = descriptor;
    this.#descriptor = descriptor;
    this.#caPem = secrets.caPem;
    this.#gitToken = secrets.gitToken;
    this.cluster = new Cluster({ kubeconfig: secrets.kubeconfig, nodes, gateway });
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

  /** Keeps something open from step to step; it is disposed of after the scenario's last one, whatever came. */
  keep<T extends AsyncDisposable>(thing: T): T {
    return this.#kept.keep(thing);
  }

  /**
   * Starts a browser beside the cluster, where the workspaces' hosts lead to the gateway and no other name resolves.
   * It trusts the harness's authority, or with `trusting: "nobody"` only the public ones.
   */
  async startBrowser({ trusting }: { trusting: "the authority" | "nobody" }): Promise<StartedBrowser> {
    const { runId, browserImage } = this.#descriptor;
    const { https, http } = gatewayNodePorts;
    const starting = startBrowser({
      image: browserImage,
      network: networkNameOf(runId),
      labels: labelsOf(runId),
      leadsTo: Object.fromEntries(
        this.#descriptor.workspaces
          .flatMap(({ hosts }) => hosts)
          .flatMap(({ hostname }) => [
            [`${hostname}:443`, `server:${https}`],
            [`${hostname}:80`, `server:${http}`],
          ]),
      ),
      ...(trusting === "the authority" ? { caPem: this.#caPem } : {}),
      interrupted: this.#interrupted,
    });
    return this.#kept.begin(starting);
  }

  /** Starts a machine for an operator, from where the cluster and the run's internet are reached and nothing else. */
  async startOperatorMachine(): Promise<OperatorMachine> {
    const { runId, operatorImage } = this.#descriptor;
    const starting = startOperatorMachine({
      image: operatorImage,
      network: networkNameOf(runId),
      labels: labelsOf(runId),
      kubeconfig: this.cluster.descriptor.kubeconfig,
      caPem: this.#caPem,
      interrupted: this.#interrupted,
    });
    return this.#kept.begin(starting);
  }

  /** File for a picture of this name: results/<run>/pictures/<name>.png. */
  picture = (name: string): string => join(this.run.directory, "pictures", `${name}.png`);

  /** Every secret of the run, also those to rotate to. */
  secrets(): Promise<StoredSecrets> {
    return readSecrets(this.#descriptor.secretsFile);
  }

  /** The run that the world belongs to. */
  get run(): RunAccess {
    const { runId, treeFile } = this.#descriptor;
    return { runId, directory: dirname(treeFile) };
  }

  /** Values that stand in Secrets and are none. */
  get publicValues(): readonly string[] {
    return this.#descriptor.publicValues;
  }

  /** The tree as it was published last. */
  tree(): Promise<Tree> {
    return readStoredTree(this.#descriptor.treeFile);
  }

  /**
   * Waits until Flux reports the published tree as applied: its revision is the digest of the tree, so that this
   * also proves which tree is under test. Ends at once with Flux's own words when it cannot.
   */
  async untilFluxIsReady(signal?: AbortSignal): Promise<void> {
    const tree = await this.tree();
    await this.#untilApplied(fluxRevision(await digest(tree)), signal);
  }

  /** Edits the tree, publishes it as a push to main would, and waits until Flux has applied it. */
  async changeThroughGit(edit: (tree: Tree) => void, signal?: AbortSignal): Promise<void> {
    await this.#untilApplied(await this.pushToGit(edit), signal);
  }

  /**
   * Edits the tree and publishes it as a push to main would. Returns the revision as Flux will report it, and waits for
   * nothing: what is pushed may be what Flux cannot apply.
   */
  async pushToGit(edit: (tree: Tree) => void): Promise<string> {
    const tree = await this.tree();
    edit(tree);
    mark("a change is pushed to Git");
    return this.#push(tree);
  }

  /** Publishes this tree in place of all that came after it, as a revert does. Returns its revision, as `pushToGit`. */
  async pushTree(tree: Tree): Promise<string> {
    mark("it is reverted in Git");
    return this.#push(tree);
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
    return {
      [Symbol.asyncDispose]: async () => {
        if ((await digest(tree)) === (await digest(await this.tree()))) return;
        const options = { revision: await this.pushTree(tree), timeoutMs: 30_000 };
        const { parents } = this.#descriptor.flux;
        // What Flux cannot apply is told by whoever waits for it.
        await Promise.allSettled(parents.map((parent) => untilTaken(this.cluster, parent, options)));
      },
    };
  }

  async #push(tree: Tree): Promise<string> {
    const { githubUrl, repository, flux, treeFile } = this.#descriptor;
    const remote = { url: `${githubUrl}/${repository}.git`, token: this.#gitToken, caPem: this.#caPem };
    const revision = await publishTree({ cluster: this.cluster, remote, source: flux.source }, tree);
    await storeTree(treeFile, tree);
    return revision;
  }

  async #untilApplied(revision: string, signal?: AbortSignal): Promise<void> {
    const diagnosePods = async () => {
      const diagnoses = await Promise.all(this.workspaces.map((workspace) => workspace.diagnose()));
      return diagnoses.join("\n");
    };
    const { flux: entry, workspaces } = this.#descriptor;
    const namespaces = [...new Set(workspaces.map(({ namespace }) => namespace))];
    await untilTreeApplied(this.cluster, { entry, namespaces, revision, signal, diagnosePods });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Only what a scenario kept: watches end with their waits, and the world belongs to the process that started it.
    await this.#kept[Symbol.asyncDispose]();
  }
}

/** Joins the world that another process started. */
export async function attachWorld(stored: unknown, interrupted: AbortSignal): Promise<World> {
  const descriptor = worldDescriptor.parse(stored);
  if (descriptor.dockerHost) process.env.DOCKER_HOST = descriptor.dockerHost;
  const [kubeconfig, caPem, gitToken, controlToken] = await Promise.all([
    readFile(descriptor.kubeconfigFile, "utf8"),
    readFile(descriptor.caFile, "utf8"),
    readFile(descriptor.gitTokenFile, "utf8"),
    readFile(descriptor.controlTokenFile, "utf8"),
  ]);
  return new World(descriptor, { kubeconfig, caPem, gitToken, controlToken }, interrupted);
}
