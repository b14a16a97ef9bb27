import { readFile, rm } from "node:fs/promises";
import { execa } from "execa";
import { cacheDir, HarnessError, messageOf, scratchDirectory } from "../base/index.ts";
import type { Engine } from "../engine/index.ts";
import { requireSum } from "./digests.ts";
import { hasGo } from "./recipes/go.ts";
import { versions } from "./versions.ts";

/** The modules that bring source, kinds, RBAC or charts of the platform, by their name in `versions`. */
const modules = {
  kubernetes: "k8s.io/kubernetes",
  sourceController: "github.com/fluxcd/source-controller",
  kustomizeController: "github.com/fluxcd/kustomize-controller",
  helmController: "github.com/fluxcd/helm-controller",
  externalSecrets: "github.com/external-secrets/external-secrets",
  envoyGateway: "github.com/envoyproxy/gateway",
  certManager: "github.com/cert-manager/cert-manager",
  snapshotKinds: "github.com/kubernetes-csi/external-snapshotter/client/v8",
  csiSpec: "github.com/container-storage-interface/spec",
  externalDns: "sigs.k8s.io/external-dns",
  versitygw: "github.com/versity/versitygw",
  volsyncKinds: "github.com/backube/volsync",
} as const;

export type ModuleName = keyof typeof modules;

/** Where a module is downloaded to, and what ends that. */
interface At {
  engine: Engine;
  signal: AbortSignal;
}

/**
 * The folder of a Go module's source, in the version of `versions`; read-only. Downloaded at the first call.
 * @throws HarnessError `environment` when the module cannot be had.
 */
export async function moduleDir(name: ModuleName, { engine, signal }: At): Promise<string> {
  const target = `${modules[name]}@v${versions[name]}`;
  const download = (await hasGo()) ? withGo(target, signal) : withGoImage(target, engine, signal);
  const { stdout } = await download.catch((error) => {
    signal.throwIfAborted();
    throw new HarnessError(
      `the Go module ${target} cannot be downloaded: ${messageOf(error).split("\n")[0]}`,
      {
        code: "environment",
        remedy: "Check that this machine reaches a Go module proxy (go env GOPROXY).",
        cause: error,
      },
    );
  });
  const { Dir, Sum } = JSON.parse(stdout) as { Dir: string; Sum: string };
  await requireSum(modules[name], versions[name], Sum);
  return Dir;
}

/** Where no go.mod of anybody's is above. */
async function withGo(target: string, signal: AbortSignal): Promise<{ stdout: string }> {
  const cwd = await scratchDirectory("module");
  try {
    const options = { cwd, env: { GOWORK: "off" }, cancelSignal: signal };
    return await execa("go", ["mod", "download", "-json", target], options);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** Where a registry answers and Go is not installed. The cache is mounted under its own path, so that paths agree. */
async function withGoImage(target: string, engine: Engine, signal: AbortSignal): Promise<{ stdout: string }> {
  const cache = cacheDir("go-modules");
  const mounts = [
    "--volume",
    `${cache}:${cache}`,
    "--env",
    `GOMODCACHE=${cache}`,
    "--env",
    "GOFLAGS=-modcacherw",
  ];
  const image = `docker.io/library/golang:${versions.go}`;
  const run = ["run", "--rm", "--network", "host", ...mounts];
  return engine.docker([...run, image, "go", "mod", "download", "-json", target], { cancelSignal: signal });
}

/** The modules that a go.mod requires, also indirectly, by version; for the test that compares them with `versions`. */
export async function requiredModules(goMod: string): Promise<Map<string, string>> {
  const lines = (await readFile(goMod, "utf8")).matchAll(
    /^(?:require)?\s+(\S+) v(\S+)(?: \/\/ indirect)?$/gm,
  );
  return new Map([...lines].map(([, path, version]) => [path ?? "", version ?? ""]));
}
