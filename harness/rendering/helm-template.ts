import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { helmBinary, kubectlBinary, Remembered, scratchDirectory } from "../base/index.ts";
import { parseApplied } from "../gitops/index.ts";
import { type HelmRelease, releaseName, releaseNamespace } from "./helm-release.ts";
import { runOnItsOwn } from "./on-its-own.ts";
import { ourChart, refusal } from "./our-chart.ts";
import type { ReleaseValues } from "./release-values.ts";
import type { KubeObject } from "./rendered-tree.ts";

/** What the cluster has, as far as charts ask. */
const cluster = ["--kube-version", "1.35.0", "--api-versions", "gateway.networking.k8s.io/v1/HTTPRoute"];

/** Of this process: most edits of a tree leave most releases as they are. */
const remembered = new Remembered<Promise<string>>(100);

/**
 * The objects of a release of app-template, by the real helm and our own chart (its README says how far it is alike), after
 * the release's post-renderers. `version` is a tag or a range; missing for any.
 *
 * @throws ChartCannot where our chart cannot render it; else Error with the words of helm or kustomize
 */
export async function helmTemplate(
  release: HelmRelease,
  values: ReleaseValues & { version: string | undefined },
  signal?: AbortSignal,
): Promise<KubeObject[]> {
  const text = await remembered.get(JSON.stringify([release, values]), () =>
    templated(release, values, signal),
  );
  return objectsOf(text, release);
}

async function templated(
  release: HelmRelease,
  { files, sets, version }: ReleaseValues & { version: string | undefined },
  signal?: AbortSignal,
): Promise<string> {
  const directory = await scratchDirectory("release");
  try {
    const paths = files.map((_, index) => join(directory, `values-${index}.json`));
    await Promise.all(files.map((values, index) => writeFile(paths[index] ?? "", JSON.stringify(values))));
    const chart = await ourChart(version, directory);
    const helm = run(
      await helmBinary(),
      [
        "template",
        ...["--namespace", releaseNamespace(release)],
        ...cluster,
        ...paths.flatMap((path) => ["--values", path]),
        ...sets.flatMap(([path, value]) => ["--set", `${path}=${value}`]),
        // Whatever it is called, the name is no option.
        ...["--", releaseName(release), chart],
      ],
      directory,
      signal,
    );
    const rendered = await helm.catch((error: Error) => {
      signal?.throwIfAborted();
      throw refusal(error.message, version);
    });
    return await postRendered(rendered, release, directory, signal);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function postRendered(text: string, { spec }: HelmRelease, directory: string, signal?: AbortSignal) {
  let output = text;
  for (const { kustomize } of spec.postRenderers) {
    if (!kustomize) continue;
    const { patches = [], images = [] } = kustomize;
    await writeFile(join(directory, "helm-output.yaml"), output);
    await writeFile(
      join(directory, "kustomization.yaml"),
      JSON.stringify({ resources: ["helm-output.yaml"], patches, images }),
    );
    output = await run(await kubectlBinary(), ["kustomize", directory], directory, signal);
  }
  return output;
}

async function run(
  program: string,
  args: string[],
  directory: string,
  signal?: AbortSignal,
): Promise<string> {
  const { text, words } = await runOnItsOwn(program, args, directory, signal);
  if (text !== undefined) return text;
  throw new Error(words.replace(/^Error: /, "").trim());
}

/** In the release's namespace, as Helm applies them; what the chart makes is always in one. */
function objectsOf(text: string, release: HelmRelease): KubeObject[] {
  const { labels, annotations } = release.spec.commonMetadata ?? {};
  const objects = text.split(/^---$/m).map((document) => parseApplied(document) as KubeObject | null);
  return objects
    .filter((object) => object !== null)
    .map((object) => ({
      ...object,
      metadata: {
        namespace: releaseNamespace(release),
        ...object.metadata,
        ...(labels ? { labels: { ...object.metadata.labels, ...labels } } : {}),
        ...(annotations ? { annotations: { ...object.metadata.annotations, ...annotations } } : {}),
      },
    }));
}
