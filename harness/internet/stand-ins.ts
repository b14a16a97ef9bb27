import { type StartedNetwork, Wait } from "testcontainers";
import type { Authority, Progress } from "../base/index.ts";
import { NetworkedContainer } from "../cluster/index.ts";
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
  copilot: StandIn<StandInControl>;
}

const controlPort = 8080;
const tlsPort = 443;

/** Starts all stand-ins side by side. When one fails, the others are stopped and its error is thrown. */
export async function startStandIns(options: StandInsOptions): Promise<StandIns> {
  await using started = new AsyncDisposableStack();
  const start = async <C>(name: StandInName, controlOf: (url: string) => C) =>
    started.use(await startStandIn(name, controlOf, options));
  const outcomes = await Promise.allSettled([
    start("github", (url) => new GitHubControl(url)),
    start("doppler", (url) => new DopplerControl(url)),
    start("copilot", (url) => new StandInControl(url, recordedRequest)),
  ]);
  const [github, doppler, copilot] = outcomes;
  if (github.status === "rejected") throw github.reason;
  if (doppler.status === "rejected") throw doppler.reason;
  if (copilot.status === "rejected") throw copilot.reason;
  const all = started.move();
  return {
    github: github.value,
    doppler: doppler.value,
    copilot: copilot.value,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function startStandIn<C>(
  name: StandInName,
  controlOf: (controlUrl: string) => C,
  { image, network, labels, authority, progress, doppler }: StandInsOptions,
): Promise<StandIn<C>> {
  // localhost: the harness itself pushes to the published port.
  const tls = await authority.issue({ dnsNames: [...namesOf[name], "localhost"], ips: ["127.0.0.1"] });
  const container = await progress.task(`stand-in for ${namesOf[name].join(", ")}`, () =>
    new NetworkedContainer(image, network, name)
      .withCommand(["node", `/fixtures/${name}.js`])
      .withLabels(labels)
      .withEnvironment({
        TLS_CERT: "/tls/tls.crt",
        TLS_KEY: "/tls/tls.key",
        PORT: String(tlsPort),
        CONTROL_PORT: String(controlPort),
        ROOT: "/data",
        ...(name === "doppler" ? dopplerEnvironment(doppler) : {}),
      })
      .withCopyContentToContainer([
        { content: tls.certPem, target: "/tls/tls.crt" },
        { content: tls.keyPem, target: "/tls/tls.key", mode: 0o600 },
      ])
      .withExposedPorts(controlPort, tlsPort)
      // The TLS listener is up before the control listener, so its answer speaks for both.
      .withWaitStrategy(Wait.forHttp("/control/health", controlPort, { abortOnContainerExit: true }))
      .withStartupTimeout(60_000)
      .start(),
  );
  return {
    name,
    containerId: container.getId(),
    ip: container.getIpAddress(network.getName()),
    url: `https://${container.getHost()}:${container.getMappedPort(tlsPort)}`,
    control: controlOf(`http://${container.getHost()}:${container.getMappedPort(controlPort)}`),
    [Symbol.asyncDispose]: async () => {
      await container.stop({ timeout: 2_000 });
    },
  };
}

function dopplerEnvironment({ project, config }: StandInsOptions["doppler"] = {}): Record<string, string> {
  return { ...(project ? { PROJECT: project } : {}), ...(config ? { CONFIG: config } : {}) };
}
