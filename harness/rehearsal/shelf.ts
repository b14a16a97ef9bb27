import { mkdir, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { Engine } from "../engine/index.ts";
import {
  catalogue,
  catalogueEntries,
  imageDigests,
  type PreparedImages,
  versions,
  withTag,
} from "../images/index.ts";

/**
 * How k3s differs from our own node where the harness must cope with it (fixtures/images/stack/node/main.go). The add-ons come
 * when all nodes are Ready even on a busy machine, and within the minute that the harness waits for them.
 */
const nodeVariant = { NODE_LOGS: "output", NODE_ADDONS_AFTER: "45s", NODE_EVICTION: "99%" };

/** What the emulated registries hold, and the program that serves it. */
export interface Shelf {
  program: string;
  /** The program's configuration; its address and certificate come by environment variables. */
  configuration: string;
  /** The content behind each reference whose content the harness knows upstream, `sha256:…`. */
  digests: ReadonlyMap<string, string>;
}

export interface ShelfParts {
  directory: string;
  engine: Engine;
  images: PreparedImages;
  signal: AbortSignal;
}

/**
 * Puts what is prepared from packages under upstream's paths. The mirror has almost all of it there; beside it come the images
 * of engines, the node as k3s is otherwise, and what stands for Debian's.
 */
export async function fillShelf(parts: ShelfParts): Promise<Shelf> {
  const { directory, engine, images, signal } = parts;
  const program = join(directory, "docker-registry");
  const configuration = join(directory, "registry.yml");
  const storage = join(directory, "registry");
  await takeProgram(engine, images.registry, program);
  await copyVolume(engine, images.mirrorVolume, storage);
  await writeFile(configuration, configurationFor(storage));
  const address = `127.0.0.1:${await freePort()}`;
  const serving = execa(program, ["serve", configuration], {
    env: { REGISTRY_HTTP_ADDR: address },
    stdio: "ignore",
    reject: false,
    cancelSignal: signal,
  });
  try {
    await untilTrue(async () => (await fetch(`http://${address}/v2/`).catch(() => undefined))?.ok === true);
    await pushAll(parts, address);
    return { program, configuration, digests: await digestsAt(address) };
  } finally {
    serving.kill();
    await serving;
  }
}

/** Debian's build of the registry needs nothing but libc, so that it runs outside of its image too. */
async function takeProgram(engine: Engine, image: string, target: string): Promise<void> {
  const { stdout } = await engine.docker(["create", image]);
  const id = stdout.trim();
  try {
    await engine.docker(["cp", `${id}:/usr/bin/docker-registry`, target]);
  } finally {
    await engine.docker(["rm", id]);
  }
}

/** By links where they can be: a registry replaces its files and writes into none. */
async function copyVolume(engine: Engine, volume: string, target: string): Promise<void> {
  const format = ["--format", "{{.Mountpoint}}"];
  const { stdout } = await engine.docker(["volume", "inspect", ...format, volume]);
  const from = `${stdout.trim()}/.`;
  await mkdir(target, { recursive: true });
  const linked = await execa("cp", ["--archive", "--link", from, target], { reject: false });
  if (linked.exitCode !== 0) await execa("cp", ["--archive", from, target]);
  // Nobody upstream has our own work.
  const repositories = join(target, "docker/registry/v2/repositories");
  await rm(join(repositories, "opencode-harness"), { recursive: true, force: true });
}

async function pushAll({ engine, images }: ShelfParts, address: string): Promise<void> {
  const push = (image: string, reference: string) => {
    const tag = `${address}/${pathOf(reference)}`;
    return withTag(engine, { image, tag }, async () => {
      await engine.docker(["push", "--quiet", tag]);
    });
  };
  const settings = Object.entries(nodeVariant).map(([name, value]) => `ENV ${name}=${value}`);
  await withVariant(engine, images.node, settings, (image) => push(image, catalogue.node.reference));
  // It has what the harness installs on top already, so that this takes no time.
  await withVariant(engine, images.registry, ["ENTRYPOINT []", 'CMD ["bash"]'], (image) =>
    push(image, `docker.io/library/debian:${versions.debian}-slim`),
  );
  const others = catalogueEntries.filter(([, { runsIn, ownWork }]) => runsIn === "engine" && !ownWork);
  for (const [name, { reference }] of others) {
    const built = images.components.find((component) => component.name === name);
    if (built && name !== "node") await push(built.reference, reference);
  }
}

/** An image that is another one but for these lines of a Dockerfile, for as long as `work` takes. */
async function withVariant(
  engine: Engine,
  from: string,
  lines: readonly string[],
  work: (image: string) => Promise<void>,
): Promise<void> {
  const image = "opencode-harness/rehearsal:variant";
  const input = [`FROM ${from}`, ...lines].join("\n");
  await engine.docker(["build", "--network", "none", "--tag", image, "-"], { input });
  try {
    await work(image);
  } finally {
    await engine.docker(["image", "rm", image], { reject: false });
  }
}

async function digestsAt(address: string): Promise<Map<string, string>> {
  const references = Object.keys(imageDigests);
  const digests = await Promise.all(
    references.map(async (reference) => [reference, await digestAt(address, reference)] as const),
  );
  return new Map(digests);
}

async function digestAt(address: string, reference: string): Promise<string> {
  const [repository, tag] = pathOf(reference).split(":");
  const headers = { accept: "application/vnd.docker.distribution.manifest.v2+json" };
  const answer = await fetch(`http://${address}/v2/${repository}/manifests/${tag}`, { headers });
  const digest = answer.headers.get("docker-content-digest");
  if (!answer.ok || digest === null) throw new Error(`the rehearsal's registry has no ${reference}`);
  return digest;
}

/** Repository and tag, without the registry. */
const pathOf = (reference: string) => reference.slice(reference.indexOf("/") + 1);

const configurationFor = (storage: string) => `version: 0.1
log: {level: warn}
storage:
  filesystem: {rootdirectory: ${JSON.stringify(storage)}}
  cache: {blobdescriptor: inmemory}
http: {addr: "127.0.0.1:0"}
`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A program that has only just been started says nowhere when it listens. */
export async function untilTrue(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await condition()); attempt++) {
    if (attempt > 300) throw new Error("the rehearsal's registry does not answer");
    await sleep(200);
  }
}
