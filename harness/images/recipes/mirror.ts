import { setTimeout as sleep } from "node:timers/promises";
import { helmBinary } from "../../base/index.ts";
import { type CatalogueEntry, catalogueEntries } from "../catalogue.ts";
import type { Component, Job } from "../component.ts";
import { lastUsed } from "../last-used.ts";
import { completeVolumes, createEmptyVolume, identityLabel, receiptNameOf } from "../prepared-volume.ts";
import { withTag } from "../push-tags.ts";
import { chartFiles, chartFromPackages, chartRepository } from "./chart.ts";
import { startNetwork } from "./network.ts";
import { ownerLabels } from "./owner-labels.ts";

const storage = "/var/lib/registry";
const port = "5000";
const concurrentPushes = 3;

/** The images that nodes pull: by short name. */
export const clusterImages = catalogueEntries
  .filter(([, entry]) => entry.runsIn !== "engine")
  .map(([name]) => name);

/**
 * The reference that a node asks for, given the image in the engine: upstream's own, and for our own work the key in
 * place of a tag, so that a node never runs yesterday's.
 */
export function nodeReference(entry: CatalogueEntry, engineImage: string): string {
  return entry.ownWork ? `docker.io/${engineImage}` : entry.reference;
}

/** The repository and tag below the registry's host, which is how a mirror is asked for it. */
export function withoutHost(reference: string): string {
  return reference.slice(reference.indexOf("/") + 1);
}

/** A volume that holds the storage of a registry with every cluster image and the charts. */
export const mirror: Component = {
  name: "mirror",
  needs: [chartFromPackages.name, ...clusterImages],
  tools: ["registry"],
  inputs: [{ text: clusterImages.join() }, { text: chartRepository }, { text: identityLabel }],
  output: "volume",
  build: async (job) => {
    await recreateFromPredecessor(job);
    await using network = await startNetwork(job, "mirror");
    const options = ["--network", network.name, "--publish", `127.0.0.1::${port}`];
    await using registry = await startRegistry(job, options);
    const address = await publishedAddress(job, registry.id);
    await untilAnswering(`http://${address}/v2/`, job.signal);
    await pushAll(job, address);
    job.task.update("pushing the charts");
    for (const chart of await chartFiles(job.outputOf(chartFromPackages.name))) {
      await job.run(await helmBinary(), [
        "push",
        chart,
        `oci://${address}/${chartRepository}`,
        "--plain-http",
      ]);
    }
  },
};

/** The engine compresses one image's layers at a time for each push, so several pushes keep the cores busy. */
async function pushAll(job: Job, address: string): Promise<void> {
  const waiting = clusterEntries();
  const pushNext = async (): Promise<void> => {
    const next = waiting.shift();
    if (next === undefined) return;
    await push(job, address, ...next);
    job.task.update(`pushed ${next[0]}`, 1 - waiting.length / clusterImages.length);
    return pushNext();
  };
  await Promise.all(Array.from({ length: concurrentPushes }, pushNext));
}

async function push(job: Job, address: string, name: string, entry: CatalogueEntry): Promise<void> {
  const image = job.outputOf(name);
  const tag = `${address}/${withoutHost(nodeReference(entry, image))}`;
  await withTag(job.engine, { image, tag }, () => job.docker(["push", "--quiet", tag]));
}

export function clusterEntries(): [string, CatalogueEntry][] {
  return catalogueEntries.filter(([, entry]) => entry.runsIn !== "engine");
}

/** Starts from the mirror that was used last: layers that are there already need no push, which is most of the time. */
export async function recreateFromPredecessor(job: Job): Promise<void> {
  const { docker, engine, output, outputOf } = job;
  const predecessor = await lastUsedSibling(job);
  await createEmptyVolume(engine, output);
  if (predecessor === undefined) return;
  const mounts = ["--volume", `${predecessor}:/from:ro`, "--volume", `${output}:/to`];
  const copy = ["--entrypoint", "cp", outputOf("registry"), "-a", "/from/.", "/to"];
  await docker(["run", "--rm", ...ownerLabels(), "--network", "none", ...mounts, ...copy]);
}

/** A complete volume of the same kind and another key: other checkouts may run on it, so it is only read. */
async function lastUsedSibling({ engine, output }: Job): Promise<string | undefined> {
  const kind = output.slice(0, output.lastIndexOf("-") + 1);
  const siblings = [...(await completeVolumes(engine))].filter(
    (volume) => volume.startsWith(kind) && volume !== output,
  );
  const used = await Promise.all(
    siblings.map(async (volume) => (await lastUsed(receiptNameOf(volume))) ?? 0),
  );
  return siblings[used.indexOf(Math.max(...used))];
}

export interface StartedRegistry extends AsyncDisposable {
  id: string;
}

/** A registry over `volume`; labelled, so that one left by a killed process is found and removed. */
export async function startRegistry(
  job: Job,
  options: readonly string[],
  volume: string = job.output,
): Promise<StartedRegistry> {
  const args = ["run", "--detach", "--rm", ...ownerLabels(), ...options];
  const { stdout: id } = await job.engine.docker([
    ...args,
    "--volume",
    `${volume}:${storage}`,
    job.outputOf("registry"),
  ]);
  return {
    id,
    [Symbol.asyncDispose]: async () => {
      await job.engine.docker(["rm", "--force", "--volumes", id], { reject: false });
    },
  };
}

async function publishedAddress({ engine }: Job, id: string): Promise<string> {
  const { stdout } = await engine.docker(["port", id, port]);
  return stdout.trim().split("\n")[0] ?? "";
}

async function untilAnswering(url: string, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(1_000)]) }).catch(
      () => undefined,
    );
    if (answer?.ok) return;
    if (attempt > 300) throw new Error("the mirror registry does not answer");
    await sleep(50, undefined, { signal });
  }
}
