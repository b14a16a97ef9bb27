import { availableParallelism } from "node:os";
import type { Chart, FindObject } from "./chart-of.ts";
import { chartOf } from "./chart-of.ts";
import { Objects } from "./facts/objects.ts";
import { externalSecretsIn } from "./facts/secret-keys.ts";
import { helmRelease } from "./helm-release.ts";
import { helmTemplate } from "./helm-template.ts";
import type { Walked } from "./kustomization-walk.ts";
import { ChartCannot } from "./our-chart.ts";
import { Pool } from "./pool.ts";
import { releaseValues } from "./release-values.ts";
import type { RenderOptions } from "./render-options.ts";
import type {
  KubeObject,
  ObjectName,
  ReleaseFact,
  RenderedKustomization,
  RenderedObject,
  RenderedTree,
  RenderProblem,
} from "./rendered-tree.ts";

interface Outcome {
  fact?: ReleaseFact;
  objects: RenderedObject[];
  problem?: RenderProblem;
}

/** Adds what the HelmReleases make, where their chart is app-template; other charts are named in `releases`. */
export async function renderReleases(
  walked: Walked,
  { releases: wanted = "workspaces", signal }: Pick<RenderOptions, "releases" | "signal">,
): Promise<RenderedTree> {
  const mayRun = wanted === "all" ? () => true : couldRunOpenCode(walked.kustomizations);
  const find = finder(walked.kustomizations);
  const home = sourcesOfEntries(walked.kustomizations);
  const processes = new Pool(
    Array.from({ length: Math.max(2, availableParallelism()) }, (_, index) => index),
  );
  const rendered = await Promise.all(
    walked.kustomizations.map(async (kustomization) => {
      const releases = kustomization.objects.filter(({ object }) => isHelmRelease(object));
      const outcomes = await Promise.all(
        releases.map((release) =>
          processes.use(() => render(release, kustomization, { find, home, mayRun, signal })),
        ),
      );
      return { kustomization, outcomes };
    }),
  );
  const outcomes = rendered.flatMap(({ outcomes }) => outcomes);
  return {
    kustomizations: rendered.map(({ kustomization, outcomes }) => ({
      ...kustomization,
      objects: [...kustomization.objects, ...outcomes.flatMap(({ objects }) => objects)],
    })),
    releases: outcomes.flatMap(({ fact }) => (fact ? [fact] : [])),
    problems: [...walked.problems, ...outcomes.flatMap(({ problem }) => (problem ? [problem] : []))],
  };
}

/** Where the Kustomizations from which all starts have their files, as `chartOf` names sources. */
function sourcesOfEntries(kustomizations: readonly RenderedKustomization[]): Set<string> {
  const entries = kustomizations.filter(({ appliedBy }) => appliedBy === undefined);
  return new Set(
    entries.map(({ object: { spec }, namespace: own }) => {
      const { kind, name, namespace = own } = spec.sourceRef;
      return `${kind} ${namespace}/${name}`;
    }),
  );
}

const isHelmRelease = ({ apiVersion, kind }: KubeObject): boolean =>
  kind === "HelmRelease" && apiVersion.startsWith("helm.toolkit.fluxcd.io/");

async function render(
  { object, file }: RenderedObject,
  { namespace, name }: RenderedKustomization,
  {
    find,
    home,
    mayRun,
    signal,
  }: {
    find: FindObject;
    home: ReadonlySet<string>;
    mayRun: (object: KubeObject) => boolean;
    signal?: AbortSignal | undefined;
  },
): Promise<Outcome> {
  const release: ObjectName = { namespace: object.metadata.namespace ?? "", name: object.metadata.name };
  const kustomization = { namespace, name };
  const where = { kustomization, release, ...(file ? { file } : {}) };
  const parsed = helmRelease.safeParse(object);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const message = `HelmRelease ${release.name}: ${issue?.path.join(".")}: ${issue?.message}`;
    return { objects: [], problem: { kind: "helm", message, ...where } };
  }
  const chart = chartOf(parsed.data, find);
  // A chart that lies in the repository itself; its source may be in no file, as flux-operator's is.
  if ("missing" in chart && home.has(chart.missing))
    return { fact: { ...release, kustomization, isRendered: false }, objects: [] };
  if ("missing" in chart) {
    const message = `HelmRelease ${release.name} takes its chart from ${chart.missing}, which Flux applies nowhere`;
    const fact = { ...release, kustomization, isRendered: false };
    return { fact, objects: [], problem: { kind: "missing", message, ...where } };
  }
  const isRendered = isOurChart(chart) && !parsed.data.spec.suspend && mayRun(object);
  const fact = { ...release, kustomization, chart, isRendered };
  if (!isRendered) return { fact, objects: [] };
  try {
    const values = { ...releaseValues(parsed.data, find), version: chart.version };
    const objects = await helmTemplate(parsed.data, values, signal);
    const made = objects.map((object) => ({ object, by: { release }, ...(file ? { file } : {}) }));
    return { fact, objects: made };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ChartCannot) {
      const message = `HelmRelease ${release.name}: ${error.message}`;
      return { fact, objects: [], problem: { kind: "chart", message, ...where } };
    }
    return { fact, objects: [], problem: { kind: "helm", message: (error as Error).message, ...where } };
  }
}

/** Its words are in the release, or in a ConfigMap of the namespace, since a script may stand there. */
function couldRunOpenCode(kustomizations: readonly RenderedKustomization[]) {
  const objects = kustomizations.flatMap(({ objects }) => objects.map(({ object }) => object));
  const mentions = (object: KubeObject) => /opencode/i.test(JSON.stringify(object));
  const scripts = objects.filter((object) => object.kind === "ConfigMap" && mentions(object));
  const namespaces = new Set(scripts.map(({ metadata }) => metadata.namespace));
  return (release: KubeObject) => mentions(release) || namespaces.has(release.metadata.namespace);
}

const isOurChart = ({ name }: Chart): boolean => name === "app-template";

/** The first of that kind and name; no version matters. */
function finder(kustomizations: readonly RenderedKustomization[]): FindObject {
  const objects = new Map<string, KubeObject>();
  const keyOf = (kind: string, { namespace, name }: ObjectName) => `${kind} ${namespace}/${name}`;
  for (const { object } of kustomizations.flatMap(({ objects }) => objects)) {
    const { namespace = "", name } = object.metadata;
    const key = keyOf(object.kind, { namespace, name });
    if (!objects.has(key)) objects.set(key, object);
  }
  for (const made of secretsToCome(kustomizations)) {
    const key = keyOf("Secret", { namespace: "", ...made.metadata });
    if (!objects.has(key)) objects.set(key, made);
  }
  return (kind, name) => objects.get(keyOf(kind, name));
}

/** What External Secrets will make, with placeholders: Helm waits for such a Secret, and takes its values from it. */
function secretsToCome(kustomizations: readonly RenderedKustomization[]): KubeObject[] {
  const found = new Objects({ kustomizations: [...kustomizations], releases: [], problems: [] });
  const namespaces = new Set(found.all("ExternalSecret").map(({ metadata }) => metadata.namespace ?? ""));
  return [...namespaces].flatMap((namespace) =>
    externalSecretsIn(namespace, found).map(({ secret, spec }) => {
      const template = Object.keys(spec.target?.template?.data ?? {});
      const keys = [...spec.data.map(({ secretKey }) => secretKey), ...template];
      return {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: secret, namespace },
        stringData: Object.fromEntries(keys.map((key) => [key, `value of ${key}`])),
      };
    }),
  );
}
