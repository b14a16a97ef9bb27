import { type StartedNetwork, Wait } from "testcontainers";
import type { Authority, Progress } from "../base/index.ts";
import { engineHost, NetworkedContainer, namesOfHost } from "../cluster/index.ts";
import type { ControlAccess } from "./control-call.ts";
import { CopilotControl } from "./copilot-control.ts";
import { DnsControl } from "./dns-control.ts";
import { DopplerControl } from "./doppler-control.ts";
import { GitHubControl } from "./github-control.ts";
import { namesOf, type StandInName } from "./names.ts";
import { recordedRequest, StandInControl } from "./stand-in-control.ts";

export interface StandInsOptions {
  /** The image that holds `/fixtures/<name>.js`. */
  image: string;
  /** The cluster's network: pods reach the stand-ins by their address on it. */
  network: StartedNetwork;
  /** Docker labels of the run. */
  labels: Record<string, string>;
  /** Signs the certificates for the production names. */
  authority: Authority;
  /** With which the harness steers them. */
  controlToken: string;
  /** Private keys by which clients of git over SSH know github.com. */
  sshHostKeys: readonly string[];
  progress: Progress;
  /** Doppler's project and config, where they are not k3s-cluster and prd. */
  doppler?: { project?: string; config?: string };
}

/** A running stand-in. */
export interface StandIn<C> extends AsyncDisposable {
  name: StandInName;
  containerId: string;
  /** Its address on the cluster's network: what the production names resolve to. */
  ip: string;
  control: C;
  /** Where its TLS listener is reached from this machine, for instance https://127.0.0.1:41234. */
  url: string;
}

export interface StandIns extends AsyncDisposable {
  github: StandIn<GitHubControl>;
  doppler: StandIn<DopplerControl>;
  copilot: StandIn<CopilotControl>;
  dns: StandIn<DnsControl>;
  npm: StandIn<StandInControl>;
}

const controlPort = 8080;
const tlsPort = 443;

/** Starts all stand-ins side by side; containers on the network find them by the production names as well. When one fails, the others are stopped and its error is thrown. */
export async function startStandIns(options: StandInsOptions): Promise<StandIns> {
  await using started = new AsyncDisposableStack();
  const start = async <C>(name: StandInName, controlOf: (access: ControlAccess) => C) =>
    started.use(await startStandIn(name, controlOf, options));
  const outcomes = await Promise.allSettled([
    start("github", (access) => new GitHubControl(access)),
    start("doppler", (access) => new DopplerControl(access)),
    start("copilot", (access) => new CopilotControl(access)),
    start("dns-recorder", (access) => new DnsControl(access)),
    start("npm", (access) => new StandInControl(access, recordedRequest)),
  ]);
  const [github, doppler, copilot, dns, npm] = outcomes;
  if (github.status === "rejected") throw github.reason;
  if (doppler.status === "rejected") throw doppler.reason;
  if (copilot.status === "rejected") throw copilot.reason;
  if (dns.status === "rejected") throw dns.reason;
  if (npm.status === "rejected") throw npm.reason;
  const all = started.move();
  return {
    github: github.value,
    doppler: doppler.value,
    copilot: copilot.value,
    dns: dns.value,
    npm: npm.value,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function startStandIn<C>(
  name: StandInName,
  controlOf: (access: ControlAccess) => C,
  options: StandInsOptions,
): Promise<StandIn<C>> {
  const { image, network, labels, authority, controlToken, progress, doppler } = options;
  const hostKeys = name === "github" ? hostKeyFiles(options) : [];
  const host = await engineHost();
  const tls = await authority.issue({ dnsNames: namesOf[name] });
  // The harness itself pushes to the published port.
  const forHarness = await authority.issue(namesOfHost(host));
  const container = await progress.task(`stand-in for ${namesOf[name].join(", ")}`, () =>
    new NetworkedContainer(image, network, name, ...namesOf[name])
      .withCommand(["node", `/fixtures/${name}.js`])
      .withLabels(labels)
      .withEnvironment({
        TLS_CERT: "/tls/tls.crt",
        TLS_KEY: "/tls/tls.key",
        HARNESS_CERT: "/tls/harness.crt",
        HARNESS_KEY: "/tls/harness.key",
        PORT: String(tlsPort),
        CONTROL_PORT: String(controlPort),
        CONTROL_TOKEN: "/control-token",
        CONTROL_HOSTS: host,
        ROOT: "/data",
        ...(hostKeys.length > 0 ? { SSH_HOST_KEYS: hostKeys.map(({ target }) => target).join(" ") } : {}),
        ...(name === "doppler" ? dopplerEnvironment(doppler) : {}),
      })
      .withCopyContentToContainer([
        { content: tls.certPem, target: "/tls/tls.crt" },
        { content: tls.keyPem, target: "/tls/tls.key", mode: 0o600 },
        { content: forHarness.certPem, target: "/tls/harness.crt" },
        { content: forHarness.keyPem, target: "/tls/harness.key", mode: 0o600 },
        { content: controlToken, target: "/control-token", mode: 0o600 },
        ...hostKeys,
      ])
      .withExposedPorts(controlPort, tlsPort)
      // Pods reach all ports; from this machine nobody asks git over SSH. The TLS listener is up before the control listener, so its answer speaks for both.
      .withWaitStrategy(
        Wait.forHttp("/control/health", controlPort, { abortOnContainerExit: true }).withHeaders({
          authorization: `Bearer ${controlToken}`,
        }),
      )
      .withStartupTimeout(60_000)
      .start(),
  );
  return {
    name,
    containerId: container.getId(),
    ip: container.getIpAddress(network.getName()),
    url: `https://${container.getHost()}:${container.getMappedPort(tlsPort)}`,
    control: controlOf({
      url: `http://${container.getHost()}:${container.getMappedPort(controlPort)}`,
      token: controlToken,
    }),
    [Symbol.asyncDispose]: async () => {
      await container.stop({ timeout: 2_000 });
    },
  };
}

function hostKeyFiles({ sshHostKeys }: Pick<StandInsOptions, "sshHostKeys">) {
  return sshHostKeys.map((content, index) => ({ content, target: `/ssh/host-key-${index}`, mode: 0o600 }));
}

function dopplerEnvironment({ project, config }: StandInsOptions["doppler"] = {}): Record<string, string> {
  return { ...(project ? { PROJECT: project } : {}), ...(config ? { CONFIG: config } : {}) };
}
