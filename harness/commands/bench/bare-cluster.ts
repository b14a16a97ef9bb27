import { generateKeyPairSync } from "node:crypto";
import type { StartedNetwork } from "testcontainers";
import { labelsOf, newAuthority, silent } from "../../base/index.ts";
import type { Cluster } from "../../cluster/index.ts";
import { createRunId } from "../../report/index.ts";
import type { Probe } from "./measure.ts";

const names = {
  nodes: "3 nodes Ready",
  ratio: "3 nodes Ready, as a multiple of etcd and kube-apiserver alone",
  alone: "etcd and kube-apiserver alone",
  dns: "zero → running app and answering DNS (3 nodes)",
};

/**
 * The nodes without platform and internet. "Zero to a running app and answering DNS" is the measure of minikube's
 * timeToK8s benchmark: from the command to an application that is Ready and a cluster name that resolves in it.
 */
export const bareCluster: Probe = {
  name: "cluster",
  title: "Bare cluster",
  measures: [
    { name: names.nodes, unit: "s", limit: 6 },
    { name: names.alone, unit: "s" },
    { name: names.ratio, unit: "x" },
    { name: names.dns, unit: "s", aim: 10 },
  ],
  async run({ context: { signal }, images: source }) {
    // Late: --help need not load Testcontainers.
    const { nodeCaFile, removeRun, startCluster, startNetwork } = await import("../../cluster/index.ts");
    const { ensureEngine } = await import("../../engine/index.ts");
    const { prepareImages } = await import("../../images/index.ts");
    const { internetNames, registriesYaml, startMirror } = await import("../../internet/index.ts");
    const engine = await ensureEngine(silent);
    const images = await prepareImages({ engine, source, progress: silent, signal });
    const runId = createRunId("bench");
    try {
      const network = await startNetwork(runId);
      const aloneMs =
        images.source === "packages"
          ? await timeControlPlane(images.node, network, labelsOf(runId))
          : undefined;
      const authority = await newAuthority({ dnsNames: internetNames });
      const mirror = { image: images.registry, volume: images.mirrorVolume, authority };
      await startMirror({ ...mirror, network, labels: labelsOf(runId), progress: silent });
      const begin = performance.now();
      const cluster = await startCluster({
        runId,
        progress: silent,
        network,
        nodeImage: images.node,
        registries: registriesYaml(nodeCaFile),
        caPem: authority.certPem,
        storeVolume: images.storeVolume,
      });
      await images.requireVolumes();
      const nodesMs = performance.now() - begin;
      const app = images.components.find(({ name }) => name === "fixtures")?.reference ?? "";
      await untilAppResolves(cluster, app, signal);
      const dnsMs = performance.now() - begin;
      return {
        [names.nodes]: nodesMs / 1_000,
        [names.dns]: dnsMs / 1_000,
        ...(aloneMs === undefined
          ? {}
          : { [names.alone]: aloneMs / 1_000, [names.ratio]: nodesMs / aloneMs }),
      };
    } finally {
      await removeRun(runId);
    }
  },
};

const name = "app";
const program =
  "const { lookup } = require('node:dns/promises'); require('node:http').createServer((_, answer) => lookup('kubernetes.default.svc.cluster.local').then(() => answer.end('ok'), (error) => answer.writeHead(503).end(String(error)))).listen(8080)";

/** An application whose readiness is that it resolves a name of the cluster. */
async function untilAppResolves(cluster: Cluster, image: string, signal: AbortSignal): Promise<void> {
  const labels = { app: name };
  const readinessProbe = { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 };
  const container = {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["node", "-e", program],
    readinessProbe,
  };
  await cluster.apply([
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace: "default" },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    },
  ]);
  await cluster.wait({
    what: "the application resolves names",
    apiVersion: "apps/v1",
    kind: "Deployment",
    namespace: "default",
    name,
    timeoutMs: 120_000,
    signal,
    until: ([deployment]) =>
      deployment?.status?.readyReplicas === 1 ? { ready: true } : { waiting: "not Ready" },
  });
}

const port = 6443;
const script = [
  "etcd --data-dir /tmp/etcd --unsafe-no-fsync --log-level error &",
  "until kube-apiserver --etcd-servers http://127.0.0.1:2379 --service-cluster-ip-range 10.43.0.0/16",
  "--authorization-mode RBAC --service-account-issuer https://localhost",
  "--service-account-signing-key-file /key --service-account-key-file /key; do :; done",
].join(" ");

/** Milliseconds from the start of a container to the answer of its API server, with nothing else in it. */
async function timeControlPlane(
  image: string,
  network: StartedNetwork,
  labels: Record<string, string>,
): Promise<number> {
  const { Wait } = await import("testcontainers");
  const { LocalContainer } = await import("../../cluster/index.ts");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const content = privateKey.export({ type: "sec1", format: "pem" }).toString();
  const begin = performance.now();
  await using _container = await new LocalContainer(image)
    .withEntrypoint(["sh", "-c", script])
    .withLabels(labels)
    .withNetwork(network)
    .withCopyContentToContainer([{ content, target: "/key" }])
    .withExposedPorts(port)
    .withWaitStrategy(Wait.forHttp("/readyz", port).usingTls().allowInsecure())
    .withStartupTimeout(60_000)
    .start();
  return performance.now() - begin;
}
