import { labelsOf, type Progress } from "../base/index.ts";
import { type Cluster, nodeCaFile, startCluster, startNetwork, type Wait } from "../cluster/index.ts";
import type { EngineWatch } from "../engine/index.ts";
import { dopplerConfigOf, entryFor, type Home, pinnedImages, sourceOf } from "../home/index.ts";
import type { PreparedImages } from "../images/index.ts";
import {
  coreDnsCustom,
  productionNames,
  registriesYaml,
  startMirror,
  startObjectStore,
  startStandIns,
} from "../internet/index.ts";
import {
  bootstrapObjects,
  installPlatform,
  type KubeObject,
  loadDefinitions,
  onTheServer,
} from "../platform/index.ts";
import { makeAdministratorKnown } from "./administrator-key.ts";
import type { WorldAuthority } from "./authority.ts";
import type { Credentials } from "./credentials.ts";
import { describeWorld } from "./describe-world.ts";
import { fillInternet } from "./fill-internet.ts";
import { foundationOf } from "./foundation.ts";
import { handOver } from "./hand-over.ts";
import { objectStoreAccounts } from "./object-store-accounts.ts";
import { pinImages } from "./pin-images.ts";
import { platformInputs, replacementRules } from "./platform-inputs.ts";
import { RunningWorld } from "./running-world.ts";
import type { WorldOptions } from "./started-world.ts";

/** What a world is made of, and what has been begun of it so far. */
export interface WorldParts {
  home: Home;
  images: PreparedImages;
  credentials: Credentials;
  authority: WorldAuthority;
  engineWatch: EngineWatch;
  /** Aborted by Ctrl-C and by the end of the engine. */
  signal: AbortSignal;
  /** What is being started; it must have ended before the clean-up can be complete. */
  begun: Promise<unknown>[];
  cluster?: Cluster;
}

/** Starts nodes and internet side by side, installs the platform, and publishes the tree. */
export async function assembleWorld(
  options: WorldOptions,
  progress: Progress,
  parts: WorldParts,
): Promise<RunningWorld> {
  const { home, images, credentials, signal, engineWatch } = parts;
  const { authority } = parts.authority;
  const { runId } = options;
  const labels = labelsOf(runId);
  const network = await startNetwork(runId);
  const common = { network, labels, authority, progress };
  const inputs = platformInputs(options.store, parts);
  const source = sourceOf(home.rendered);
  const entry = entryFor(home.rendered, home.needs, replacementRules(home, inputs));
  const foundation = foundationOf({ home, entry, inputs, images });
  const begin = <T>(work: Promise<T>): Promise<T> => {
    parts.begun.push(work);
    return work;
  };
  const [standIns, mirror, objectStore, cluster, definitions] = await Promise.all([
    begin(
      startStandIns({
        ...common,
        image: images.fixtures,
        controlToken: credentials.controlToken,
        sshHostKeys: credentials.hostKeys.privateKeys,
        doppler: dopplerConfigOf(home.rendered),
      }).then(async (started) => {
        await fillInternet(started, credentials, source.repository);
        return started;
      }),
    ),
    begin(startMirror({ ...common, image: images.registry, volume: images.mirrorVolume })),
    begin(
      startObjectStore({
        ...common,
        image: images.objectStore,
        ...objectStoreAccounts(credentials, home.outside.accounts),
      }),
    ),
    begin(
      startCluster({
        runId,
        progress,
        network,
        nodeImage: images.node,
        registries: registriesYaml(nodeCaFile),
        caPem: authority.certPem,
        storeVolume: images.storeVolume,
        begin,
      }),
    ),
    loadDefinitions(images.definitions),
  ]);
  parts.cluster = cluster;
  signal.throwIfAborted();
  await images.requireVolumes();
  await pinImages(cluster.nodes, pinnedImages(home.needs));
  makeAdministratorKnown(cluster.descriptor.kubeconfig);
  const names = productionNames({
    github: standIns.github.ip,
    doppler: standIns.doppler.ip,
    copilot: standIns.copilot.ip,
    "dns-recorder": standIns.dns.ip,
    npm: standIns.npm.ip,
    registry: mirror.ip,
    "object-store": objectStore.ip,
  });
  await progress.task("platform", async () => {
    await resolveNames(cluster, names, signal);
    const installing = {
      objects: cluster.objects,
      create: cluster.create.bind(cluster),
      wait: <T>(wait: Wait<T>) => cluster.wait({ ...wait, signal }),
    };
    await begin(
      installPlatform(installing, {
        definitions,
        objects: await bootstrapObjects({ ...inputs, ...parts.authority }),
      }),
    );
  });
  signal.throwIfAborted();
  const descriptor = await describeWorld(options, {
    cluster,
    standIns,
    objectStore,
    images,
    credentials,
    caPem: authority.certPem,
    home,
  });
  const world = new RunningWorld({
    options,
    descriptor,
    images,
    inputs,
    credentials,
    caPem: authority.certPem,
    cluster,
    home,
    entry,
    foundation,
    engineWatch,
  });
  const publish = async () => {
    await world.publish(options.mutant);
    await cluster.apply([source.object, ...entry.objects] as KubeObject[]);
  };
  return handOver(world, { work: () => progress.task("publish the tree", publish), signal });
}

/** k3s applies its add-ons when its nodes are Ready already. */
async function untilCoreDnsIsThere(cluster: Cluster, signal: AbortSignal): Promise<void> {
  await cluster.wait({
    what: "the node's add-on coredns is there",
    apiVersion: "apps/v1",
    kind: "Deployment",
    namespace: "kube-system",
    timeoutMs: 60_000,
    signal,
    until: (deployments) =>
      deployments.some(({ metadata }) => metadata?.name === "coredns")
        ? { ready: true }
        : { waiting: `${deployments.length} other Deployments` },
  });
}

/**
 * The names of the hermetic internet; CoreDNS starts anew, since a changed ConfigMap may take the kubelet a minute. It
 * starts on the server: names must be answered, and who asked for them remembered, while an agent is down.
 */
async function resolveNames(
  cluster: Cluster,
  names: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  await cluster.apply([coreDnsCustom(names)]);
  await untilCoreDnsIsThere(cluster, signal);
  const pods = await cluster.pods("kube-system", "k8s-app=kube-dns");
  await cluster.objects.merge({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace: "kube-system", name: "coredns" },
    spec: { template: { spec: { nodeSelector: onTheServer.nodeSelector } } },
  });
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
