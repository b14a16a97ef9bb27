import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addSecret, messageOf, type Progress } from "../base/index.ts";
import {
  type Cluster,
  labelsOf,
  removeRun,
  startCluster,
  startNetwork,
  type Wait,
} from "../cluster/index.ts";
import { type EngineWatch, ensureEngine, watchEngine } from "../engine/index.ts";
import { certificateSecrets, readTree, type Tree } from "../gitops/index.ts";
import { imageReference, moduleDir, type PreparedImages, prepareImages } from "../images/index.ts";
import {
  coreDnsCustom,
  productionNames,
  registriesYaml,
  type StandIns,
  startMirror,
  startStandIns,
} from "../internet/index.ts";
import { collectEvidence } from "../observe/index.ts";
import {
  bootstrapObjects,
  clusterApps,
  harnessPlatform,
  homeKubernetes,
  installPlatform,
  loadDefinitions,
  type PlatformInputs,
  platformTree,
} from "../platform/index.ts";
import { type Credentials, newCredentials } from "./credentials.ts";
import type { WorldDescriptor } from "./descriptor.ts";
import { RunningWorld, storeOf } from "./running-world.ts";
import type { WorldOptions } from "./started-world.ts";

/** SECRET_DOMAIN of the home cluster. */
const domain = "angryninja.cloud";

/**
 * Brings up the whole world: engine, images, nodes and internet side by side, the platform, and Flux looking at the
 * tree. Returns as soon as the tree is published; what it does in the cluster is the scenario's to watch.
 * When this throws, its evidence is in `evidence/start` and whatever was started is removed again.
 */
export async function startWorld(options: WorldOptions): Promise<RunningWorld> {
  const { progress } = options;
  const tree = await readTree(options.manifests);
  options.mutant?.edit(tree.copy()); // an edit that does not apply must not cost a cluster
  const engine = await ensureEngine(progress);
  const images = await prepareImages({ engine, source: options.images, progress, signal: options.signal });
  const credentials = newCredentials(tree);
  const engineWatch = watchEngine(engine.host);
  const signal = AbortSignal.any([options.signal, engineWatch.lost]);
  const parts: Parts = { tree, images, credentials, engineWatch, signal, begun: [] };
  try {
    return await progress.task("cluster", (task) => orAborted(signal, assemble(options, task, parts)));
  } catch (error) {
    await giveUp(options, parts, error);
    throw error;
  }
}

interface Parts {
  tree: Tree;
  images: PreparedImages;
  credentials: Credentials;
  engineWatch: EngineWatch;
  /** Aborted by Ctrl-C and by the end of the engine. */
  signal: AbortSignal;
  /** What is being started; it must have ended before the clean-up can be complete. */
  begun: Promise<unknown>[];
  cluster?: Cluster;
}

async function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
    aborted.catch(() => {});
  }
}

/** Keeps the evidence of a start that failed, and removes what was started; `error` is thrown with what goes wrong here. */
async function giveUp(options: WorldOptions, parts: Parts, error: unknown): Promise<void> {
  const { images, engineWatch, cluster, begun } = parts;
  const { runId, runDir, signal, mutant, progress } = options;
  try {
    if (engineWatch.lost.aborted) return; // nothing can be asked or removed: the next run does
    if (!signal.aborted) {
      const directory = join(runDir, "evidence", mutant ? `start-${mutant.name}` : "start");
      await progress
        .task("Evidence", () => collectEvidence({ runId, cluster }, directory))
        .catch((trouble) => progress.note(`evidence incomplete: ${messageOf(trouble)}`));
    }
    await progress.task("remove the cluster", async () => {
      await removeRun(runId, storeOf(images)).catch(() => {}); // what is being started now fails, and soon
      await Promise.allSettled(begun);
      await removeRun(runId, storeOf(images));
    });
  } catch (cleanUp) {
    throw new SuppressedError(cleanUp, error);
  } finally {
    engineWatch[Symbol.dispose]();
    await rm(join(runDir, "access"), { recursive: true, force: true });
  }
}

async function assemble(options: WorldOptions, progress: Progress, parts: Parts): Promise<RunningWorld> {
  const { tree, images, credentials, signal, engineWatch } = parts;
  const { runId } = options;
  const labels = labelsOf(runId);
  const network = await startNetwork(runId);
  const common = { network, labels, authority: images.authority, progress };
  const inputs = platformInputs(options, parts);
  const begin = <T>(work: Promise<T>): Promise<T> => {
    parts.begun.push(work);
    return work;
  };
  const [standIns, mirror, cluster, definitions] = await Promise.all([
    begin(
      startStandIns({ ...common, image: images.fixtures }).then(async (started) => {
        await fill(started, credentials, inputs);
        return started;
      }),
    ),
    begin(startMirror({ ...common, image: images.registry, volume: images.mirrorVolume })),
    begin(
      startCluster({
        runId,
        progress,
        network,
        nodeImage: images.node,
        registries: registriesYaml("/etc/rancher/k3s/ca.crt"),
        caPem: images.authority.certPem,
        storeVolume: images.storeVolume,
        begin,
      }),
    ),
    loadDefinitions(moduleDir),
  ]);
  parts.cluster = cluster;
  signal.throwIfAborted();
  addSecret(
    "client key of the cluster's administrator",
    cluster.descriptor.kubeconfig.match(/client-key-data: (\S+)/)?.[1] ?? "no key there",
  );
  const names = productionNames({
    github: standIns.github.ip,
    doppler: standIns.doppler.ip,
    copilot: standIns.copilot.ip,
    registry: mirror.ip,
  });
  await progress.task("platform", async () => {
    await resolveNames(cluster, names);
    const installing = {
      objects: cluster.objects,
      create: cluster.create.bind(cluster),
      wait: <T>(wait: Wait<T>) => cluster.wait({ ...wait, signal }),
    };
    await begin(installPlatform(installing, { definitions, objects: await bootstrapObjects(inputs) }));
  });
  signal.throwIfAborted();
  const descriptor = await describe(options, { cluster, standIns, images, credentials });
  const world = new RunningWorld({
    options,
    descriptor,
    images,
    inputs,
    credentials,
    cluster,
    tree,
    engineWatch,
  });
  await progress.task("publish the tree", async () => {
    await world.publish(options.mutant);
    await cluster.apply(clusterApps());
  });
  return world;
}

/** The content of the stand-ins: repositories, secrets, and who may have them. */
async function fill(
  { github, doppler }: StandIns,
  credentials: Credentials,
  inputs: PlatformInputs,
): Promise<void> {
  const { dopplerSecrets, dopplerToken, gitToken, repositories } = credentials;
  const gitOps = { tokens: { "flux and harness": gitToken } };
  await Promise.all([
    doppler.control
      .setTokens({ "external-secrets": dopplerToken })
      .then(() => doppler.control.replaceSecrets(dopplerSecrets)),
    github.control.createRepository(nameOf(harnessPlatform.url), {
      ...gitOps,
      files: Object.fromEntries(platformTree(inputs)),
    }),
    github.control.createRepository(nameOf(homeKubernetes.url), {
      ...gitOps,
      files: { "README.md": "replaced by the tree under test\n" },
    }),
    ...repositories.map(({ repository, tokens }) =>
      github.control.createRepository(repository, {
        tokens,
        files: workspaceFiles(repository),
        paddingBytes: 2_000_000,
      }),
    ),
  ]);
}

/** A small repository with the file that the scenarios change; `padding.bin` makes a clone long enough to be interrupted. */
function workspaceFiles(repository: string): Record<string, string> {
  return {
    "README.md": `# ${repository}\n`,
    "configuration.yaml": "# change me\n",
    "notes/today.md": "nothing yet\n",
  };
}

function nameOf(url: string): string {
  return new URL(url).pathname.replace(/^\//, "").replace(/\.git$/, "");
}

/** The names of the hermetic internet; CoreDNS starts anew, since a changed ConfigMap may take the kubelet a minute. */
async function resolveNames(cluster: Cluster, names: Record<string, string>): Promise<void> {
  await cluster.apply([coreDnsCustom(names)]);
  const pods = await cluster.pods("kube-system", "k8s-app=kube-dns");
  await Promise.all(
    pods.map(({ metadata }) =>
      cluster.objects.remove({
        apiVersion: "v1",
        kind: "Pod",
        namespace: "kube-system",
        name: metadata?.name ?? "",
        gracePeriodSeconds: 0,
      }),
    ),
  );
}

function platformInputs({ store }: WorldOptions, { tree, images, credentials }: Parts): PlatformInputs {
  const prepared = (name: string) =>
    images.components.find((component) => component.name === name)?.reference ?? "";
  return {
    store,
    domain,
    authority: images.authority,
    gitToken: credentials.gitToken,
    dopplerToken: credentials.dopplerToken,
    gatewayCertificates: certificateSecrets(tree),
    images: {
      sourceController: imageReference("source-controller"),
      kustomizeController: imageReference("kustomize-controller"),
      helmController: imageReference("helm-controller"),
      externalSecrets: imageReference("external-secrets"),
      certManager: imageReference("cert-manager"),
      envoyGateway: imageReference("envoy-gateway"),
      envoy: imageReference("envoy"),
      csiProvisioner: imageReference("csi-provisioner"),
      csiAttacher: imageReference("csi-attacher"),
      fixtures: prepared("fixtures"),
    },
  };
}

interface Started {
  cluster: Cluster;
  standIns: StandIns;
  images: PreparedImages;
  credentials: Credentials;
}

async function describe({ runId, runDir }: WorldOptions, started: Started): Promise<WorldDescriptor> {
  const { cluster, standIns, images, credentials } = started;
  const access = join(runDir, "access");
  await mkdir(access, { recursive: true, mode: 0o700 });
  const file = async (name: string, content: string) => {
    await writeFile(join(access, name), content, { mode: 0o600 });
    return join(access, name);
  };
  return {
    runId,
    kubeconfigFile: await file("kubeconfig", cluster.descriptor.kubeconfig),
    caFile: await file("ca.pem", images.authority.certPem),
    gitTokenFile: await file("git-token", credentials.gitToken),
    treeFile: join(runDir, "tree.json"),
    nodes: cluster.descriptor.nodes,
    gateway: cluster.descriptor.gateway,
    control: { github: standIns.github.control.controlUrl, doppler: standIns.doppler.control.controlUrl },
    githubUrl: standIns.github.url,
    repository: nameOf(homeKubernetes.url),
    ...(process.env.DOCKER_HOST ? { dockerHost: process.env.DOCKER_HOST } : {}),
  };
}
