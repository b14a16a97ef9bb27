import { HarnessError } from "../base/index.ts";
import { type ContainerExec, execInContainer, kubeconfigInside } from "../cluster/index.ts";
import { InterruptibleContainer } from "../internet/index.ts";

/** A person's own machine: what is typed there reaches the cluster and the internet of the run, and nothing else. */
export interface OperatorMachine extends AsyncDisposable {
  /** Where its user's files are; nothing of it outlives the machine. */
  readonly home: string;
  /** Writes a file of the home, readable by its user only. */
  write(path: string, content: string, mode?: "600" | "700"): Promise<void>;
  /**
   * Runs a command; `typed` is its standard input. An abort ends the machine, and with it whatever the command has left
   * running.
   */
  run(command: readonly string[], signal: AbortSignal, typed?: string): Promise<ContainerExec>;
}

export interface MachineOptions {
  /** The image of fixtures/images/operator. */
  image: string;
  /** Name of the run's network: the API server and the production names are there. */
  network: string;
  /** Docker labels of the run. */
  labels: Record<string, string>;
  /** Of an administrator of the run's cluster, as it is used from this machine. */
  kubeconfig: string;
  /** PEM of the one authority that it trusts. */
  caPem: string;
  /** The run's: what comes up after its interruption goes at once. */
  interrupted: AbortSignal;
}

const home = "/home/operator";

/** All that a program there finds in its environment; nothing of whoever runs the harness. */
const environment = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  HOME: home,
  TMPDIR: home,
  KUBECONFIG: `${home}/.kube/config`,
  // No defaults and aliases of kubectl.
  KUBERC: "off",
  NODE_EXTRA_CA_CERTS: `${home}/.ca.pem`,
  SSL_CERT_FILE: `${home}/.ca.pem`,
};

/**
 * Where the engine passes names on to that it does not know itself. The machine's own resolver, which it takes otherwise, is
 * not reached from the run's network: each name would be waited for, 16 s, and OpenCode asks for some when it starts.
 */
const nowhere = "127.0.0.1";

/**
 * A container without any right of its own: what a tree brings for an operator to carry out may be anybody's. No
 * capability, no privilege to be had, nothing to write to but its home, which is memory; no directory and no socket of
 * the host.
 */
export class OperatorContainer extends InterruptibleContainer {
  constructor({ image, network, labels, interrupted }: Omit<MachineOptions, "kubeconfig" | "caPem">) {
    super(image, interrupted);
    this.withNetworkMode(network)
      .withLabels(labels)
      .withUser("1000:1000")
      .withEnvironment(environment)
      .withDroppedCapabilities("ALL")
      .withSecurityOpt("no-new-privileges")
      // Without `exec` a script could not be started; whose the directory is cannot be said to every engine.
      .withTmpFs({ [home]: "rw,exec,mode=1777,size=64m", "/tmp": "rw,mode=1777,size=64m" })
      .withResourcesQuota({ memory: 0.5 })
      .withStartupTimeout(30_000);
    Object.assign(this.hostConfig, { ReadonlyRootfs: true, PidsLimit: 256, Dns: [nowhere] });
  }
}

/** Starts it, and gives its user the keys to the cluster. */
export async function startOperatorMachine(options: MachineOptions): Promise<OperatorMachine> {
  await using started = new AsyncDisposableStack();
  const container = await new OperatorContainer(options).start();
  started.defer(async () => void (await container.stop({ timeout: 0 })));
  const machine = new StartedMachine(container.getId(), started.move());
  await machine.write(".kube/config", kubeconfigInside(options.kubeconfig));
  await machine.write(".ca.pem", options.caPem);
  return machine;
}

class StartedMachine implements OperatorMachine {
  readonly home = home;
  readonly #containerId: string;
  readonly #stack: AsyncDisposableStack;

  constructor(containerId: string, stack: AsyncDisposableStack) {
    this.#containerId = containerId;
    this.#stack = stack;
  }

  async write(path: string, content: string, mode: "600" | "700" = "600"): Promise<void> {
    // Through standard input: it stands in no argument, and on no disk.
    const script = `umask 077 && mkdir -p "$(dirname "$0")" && cat > "$0" && chmod ${mode} "$0"`;
    const command = ["sh", "-c", script, `${home}/${path}`];
    const { exitCode, output } = await execInContainer(this.#containerId, command, content);
    if (exitCode === 0) return;
    throw new HarnessError(`the operator's machine cannot keep ${path}`, {
      code: "environment",
      details: output,
    });
  }

  async run(command: readonly string[], signal: AbortSignal, typed?: string): Promise<ContainerExec> {
    if (signal.aborted) throw interrupted();
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    // What has been started in a container outlives whoever has started it: only its end ends all.
    const end = () => void this[Symbol.asyncDispose]().finally(() => reject(interrupted()));
    signal.addEventListener("abort", end, { once: true });
    const running = execInContainer(this.#containerId, command, typed);
    try {
      return await Promise.race([running, aborted]);
    } finally {
      signal.removeEventListener("abort", end);
      running.catch(() => {});
    }
  }

  /** Again is fine. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

const interrupted = () => new HarnessError("interrupted", { code: "interrupted" });
