import { mkdir, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { checkoutDir } from "../../base/index.ts";
import type { Component, Job } from "../component.ts";
import { versions } from "../versions.ts";
import { goEnvironment, requireGo } from "./go.ts";

const moduleDir = join(checkoutDir, "fixtures/images/stack");

/** Programs of the one Go module, by name: the package that holds their main. Those with `./` are ours. */
export const goBinaries = {
  kubernetes: "./kubernetes",
  node: "./node",
  pause: "./pause",
  coredns: "./coredns",
  "cert-manager": "./cert-manager",
  "source-controller": "github.com/fluxcd/source-controller",
  "kustomize-controller": "github.com/fluxcd/kustomize-controller",
  "helm-controller": "github.com/fluxcd/helm-controller",
  "envoy-gateway": "github.com/envoyproxy/gateway/cmd/envoy-gateway",
  "csi-attacher": "github.com/kubernetes-csi/external-attacher/v4/cmd/csi-attacher",
  "csi-provisioner": "github.com/kubernetes-csi/external-provisioner/v5/cmd/csi-provisioner",
  "csi-resizer": "github.com/kubernetes-csi/external-resizer/v2/cmd/csi-resizer",
  "csi-snapshotter": "github.com/kubernetes-csi/external-snapshotter/v8/cmd/csi-snapshotter",
  "snapshot-controller": "github.com/kubernetes-csi/external-snapshotter/v8/cmd/snapshot-controller",
} as const;

type BinaryName = keyof typeof goBinaries;

/** Nodes report the version that is linked in here; without it they say v0.0.0-master. */
const [major, minor] = versions.kubernetes.split(".");
const versionPackage = "k8s.io/component-base/version";
const linkerFlags = [
  "-s -w",
  `-X ${versionPackage}.gitVersion=v${versions.kubernetes}`,
  `-X ${versionPackage}.gitMajor=${major} -X ${versionPackage}.gitMinor=${minor}`,
].join(" ");

interface Waiting {
  name: BinaryName;
  job: Job;
  settled: PromiseWithResolvers<void>;
}

/**
 * One component for each program, so that an edit of one rebuilds one; but all that are missing are built by one
 * `go build`, which shares the most.
 */
export function goComponents(): Component[] {
  const names = Object.keys(goBinaries) as BinaryName[];
  const waiting: Waiting[] = [];
  const componentNames = new Map(names.map((name) => [programName(name), name]));
  return names.map((name) => ({
    name: programName(name),
    needs: [],
    inputs: inputsOf(goBinaries[name]),
    output: "directory",
    build: async (job) => {
      const settled = Promise.withResolvers<void>();
      waiting.push({ name, job, settled });
      const expected = [...job.building].filter((component) => componentNames.has(component)).length;
      if (waiting.length === expected) void buildTogether(waiting.splice(0));
      else job.task.update("together with the other programs");
      // One that fails before it comes here lets the others wait: for that failure, which ends all builds.
      const stop = () => settled.reject(job.signal.reason);
      job.signal.addEventListener("abort", stop, { once: true });
      if (job.signal.aborted) stop();
      await settled.promise.finally(() => job.signal.removeEventListener("abort", stop));
    },
  }));
}

export const programName = (binary: string): string => `program ${binary}`;

function inputsOf(packagePath: string): Component["inputs"] {
  const shared = ["go.mod", "go.sum"].map((file) => ({ path: join(moduleDir, file) }));
  const own = packagePath.startsWith("./") ? [{ path: join(moduleDir, packagePath) }] : [];
  return [...shared, ...own, { text: packagePath }, { text: linkerFlags }];
}

async function buildTogether(waiting: readonly Waiting[]): Promise<void> {
  const [leader] = waiting;
  if (leader === undefined) return;
  try {
    await requireGo();
    const { run, directory, task } = leader.job;
    const outputDir = join(directory, "all");
    await mkdir(outputDir);
    const packages = waiting.map(({ name }) => goBinaries[name]);
    task.update(`compiling ${packages.length} programs; from nothing this takes ten minutes`);
    await run("go", ["build", "-v", "-ldflags", linkerFlags, "-o", `${outputDir}/`, ...packages], {
      cwd: moduleDir,
      env: goEnvironment,
    });
    for (const { name, job } of waiting) {
      await rename(join(outputDir, basename(goBinaries[name])), join(job.directory, name));
    }
    for (const { settled } of waiting) settled.resolve();
  } catch (error) {
    for (const { settled } of waiting) settled.reject(error);
  }
}
