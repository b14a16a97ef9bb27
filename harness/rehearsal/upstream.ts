import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { Authority } from "../base/index.ts";
import type { Engine } from "../engine/index.ts";
import { imageReference, type PreparedImages, preparedOutputs, versions } from "../images/index.ts";
import type { Scene } from "./scene.ts";

/** Where an engine, the nodes and helm look for what the harness pulls. */
export const upstreamNames = [
  "docker.io",
  "registry-1.docker.io",
  "index.docker.io",
  "ghcr.io",
  "quay.io",
  "registry.k8s.io",
];

/** How k3s differs from our own node where the harness must cope with it (fixtures/images/stack/node/main.go). */
export const nodeVariant = { NODE_LOGS: "output", NODE_ADDONS_AFTER: "10s", NODE_EVICTION: "99%" };

export interface Upstream extends AsyncDisposable {
  /** All of the registries fall silent. */
  stop(): Promise<void>;
}

/**
 * The registries of the internet, for a scene: the images that are prepared from packages under upstream's names, over TLS, on
 * the scene's loopback.
 */
export async function startUpstream(
  scene: Scene,
  options: { directory: string; engine: Engine; images: PreparedImages; authority: Authority },
): Promise<Upstream> {
  const { directory, engine, images, authority } = options;
  const [storage, program] = [join(directory, "registry"), join(directory, "docker-registry")];
  await takeProgram(engine, images.registry, program);
  await fill(engine, images, { program, storage, directory });
  const tls = await authority.issue({ dnsNames: upstreamNames });
  const [certificate, key] = [join(directory, "tls.crt"), join(directory, "tls.key")];
  await writeFile(certificate, tls.certPem);
  await writeFile(key, tls.keyPem, { mode: 0o600 });
  const serving = serve(scene.inside([program, "serve", join(directory, "registry.yml")]), {
    REGISTRY_HTTP_ADDR: "127.0.0.1:443",
    REGISTRY_HTTP_TLS_CERTIFICATE: certificate,
    REGISTRY_HTTP_TLS_KEY: key,
  });
  const stop = async () => {
    serving.kill();
    await serving;
  };
  const [program0, ...ask] = scene.inside(["curl", "--silent", "--fail", "https://registry-1.docker.io/v2/"]);
  await untilTrue(async () => (await execa(program0, ask, { reject: false })).exitCode === 0);
  return { stop, [Symbol.asyncDispose]: stop };
}

/** Debian's build of the registry needs nothing but libc, so that it runs outside of its image too. */
async function takeProgram(engine: Engine, image: string, target: string): Promise<void> {
  const { stdout: id } = await engine.docker(["create", image]);
  try {
    await engine.docker(["cp", `${id}:/usr/bin/docker-registry`, target]);
  } finally {
    await engine.docker(["rm", id]);
  }
}

interface Shelf {
  program: string;
  storage: string;
  directory: string;
}

/** The mirror has almost all of it under upstream's paths; our own work is nobody's upstream. */
async function fill(
  engine: Engine,
  images: PreparedImages,
  { program, storage, directory }: Shelf,
): Promise<void> {
  const inspected = await engine.docker([
    "volume",
    "inspect",
    "--format",
    "{{.Mountpoint}}",
    images.mirrorVolume,
  ]);
  await rm(storage, { recursive: true, force: true });
  await mkdir(storage, { recursive: true });
  await cp(inspected.stdout.trim(), storage, { recursive: true });
  const repositories = join(storage, "docker/registry/v2/repositories");
  await rm(join(repositories, "opencode-harness"), { recursive: true, force: true });
  await writeFile(join(directory, "registry.yml"), configuration(storage));
  const address = `127.0.0.1:${await freePort()}`;
  const serving = serve([program, "serve", join(directory, "registry.yml")], { REGISTRY_HTTP_ADDR: address });
  try {
    await untilTrue(async () => (await fetch(`http://${address}/v2/`).catch(() => undefined))?.ok === true);
    await pushNode(engine, images.node, `${address}/${withoutHost(imageReference("node"))}`);
    await push(engine, await debianBase(), `${address}/library/debian:${versions.debian}-slim`);
  } finally {
    serving.kill();
    await serving;
  }
}

async function pushNode(engine: Engine, node: string, tag: string): Promise<void> {
  const settings = Object.entries(nodeVariant).map(([name, value]) => `ENV ${name}=${value}`);
  const recipe = [`FROM ${node}`, ...settings].join("\n");
  await engine.docker(["build", "--tag", tag, "-"], { input: recipe });
  await push(engine, tag, tag);
}

async function push(engine: Engine, image: string, tag: string): Promise<void> {
  await engine.docker(["tag", image, tag]);
  await engine.docker(["push", "--quiet", tag]);
  await engine.docker(["image", "rm", "--no-prune", tag]);
}

/** Stands in for Debian's slim image, which has fewer packages. */
async function debianBase(): Promise<string> {
  const { images } = await preparedOutputs();
  return images.find((name) => name.startsWith("opencode-harness/debian-base:")) ?? "";
}

const withoutHost = (reference: string) => reference.slice(reference.indexOf("/") + 1);

const configuration = (storage: string) => `version: 0.1
log: {level: warn}
storage:
  filesystem: {rootdirectory: ${storage}}
  cache: {blobdescriptor: inmemory}
http: {addr: "127.0.0.1:0"}
`;

function serve([program, ...args]: string[], env: NodeJS.ProcessEnv) {
  return execa(program as string, args, { env, reject: false, stdio: ["ignore", "ignore", "inherit"] });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilTrue(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await condition()); attempt++) {
    if (attempt > 200) throw new Error("the rehearsal's registry does not answer");
    await sleep(100);
  }
}
