import { HarnessError, isAtOrBelow } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import {
  containersOf,
  isFluxKustomization,
  type RenderedTree,
  type RenderProblem,
  workloadsIn,
} from "../rendering/index.ts";
import { objectsOf } from "./objects.ts";

const speaks = /opencode/i;

/** Problems that leave objects out; the others are of what is there. */
const hides: ReadonlySet<RenderProblem["kind"]> = new Set([
  "kustomize",
  "substitution",
  "helm",
  "missing",
  "ignored",
  "operator",
  "remote",
]);

/**
 * Why there is nothing to judge: what Flux or Helm would not make of what speaks of OpenCode, a Kustomization that Flux does
 * not reach, a chart or a command that is not known here, or that nothing runs OpenCode. What is wrong with other
 * applications is not why.
 */
export function noWorkspace(manifests: string, rendered: RenderedTree, tree: Tree): HarnessError {
  return (
    wrongRoot(rendered, tree) ??
    hidden(rendered, tree) ??
    elsewhere(rendered) ??
    unreached(rendered, tree) ??
    foreignChart(rendered) ??
    unknownCommand(rendered) ??
    new HarnessError(`nothing in ${manifests} runs opencode web or opencode serve`, {
      code: "usage",
      remedy: isSilent(tree)
        ? "No file of it speaks of OpenCode: copy its manifests in first, for instance those of manifests/ as its README.md tells."
        : "Give --manifests a directory laid out as the home cluster's repository, and see that kubernetes/apps leads to the workspace's ks.yaml.",
    })
  );
}

function hidden({ problems, kustomizations }: RenderedTree, tree: Tree): HarnessError | undefined {
  const found = problems.filter(({ kind, kustomization, message, release }) => {
    const owner = kustomizations.find(
      ({ name, namespace }) => name === kustomization?.name && namespace === kustomization.namespace,
    );
    if (!owner || !hides.has(kind) || (kind === "remote" && owner.problem === undefined)) return false;
    if (release) return speaks.test(`${release.name} ${message}`);
    return owner.appliedBy === undefined || speaks.test(owner.name) || speaksBelow(tree, owner.path);
  });
  const [first, ...others] = found.map(({ message, file, line }) => {
    const place = [file, line].filter((part) => part !== undefined).join(":");
    return place ? `${place}: ${message}` : message;
  });
  if (first === undefined) return undefined;
  const details = others.length > 0 ? { details: others.join("\n") } : {};
  return new HarnessError(first, { ...asSeen(found), ...details });
}

/** What is fetched from elsewhere is not seen by the harness; all else is the tree's to mend. */
function asSeen([first]: readonly RenderProblem[]): { code: "environment" | "failed"; remedy?: string } {
  if (first?.kind !== "remote") return { code: "failed" };
  return {
    code: "environment",
    remedy:
      "The harness fetches nothing: put what stands elsewhere into the tree, or apply it, with its patches, by a Kustomization of its own.",
  };
}

/**
 * That nothing is where Flux of this home starts, since the paths of its Kustomizations begin in a directory of it: its
 * artifact is made of that one alone. Whatever else is found follows from it.
 */
export function wrongRoot({ problems, kustomizations }: RenderedTree, tree: Tree): HarnessError | undefined {
  const starts = kustomizations.filter(({ appliedBy }) => appliedBy === undefined);
  if (starts.length === 0 || starts.some(({ problem }) => problem === undefined)) return undefined;
  const root = rootOfPaths(problems, tree);
  if (root === undefined) return undefined;
  return new HarnessError(`Flux starts in ${starts[0]?.path}, which the tree does not have`, {
    code: "usage",
    remedy: `The paths of its Kustomizations start from ${root}: give --manifests that directory.`,
  });
}

/** Of a home whose Flux takes a part of the repository as an artifact: the directory which that is. */
function rootOfPaths(problems: readonly RenderProblem[], tree: Tree): string | undefined {
  const missing = problems.flatMap(
    ({ message }) => /the tree has no directory (\S+)$/.exec(message)?.[1] ?? [],
  );
  return missing
    .map(
      (directory) =>
        [...tree.files.keys()].find((path) => path.includes(`/${directory}/`))?.split(`/${directory}/`)[0],
    )
    .find((root) => root !== undefined);
}

/** A Kustomization whose files come from another source than the rest of this repository. */
function elsewhere(rendered: RenderedTree): HarnessError | undefined {
  const [entry] = rendered.kustomizations;
  const own = entry && sourceOf(entry);
  const found = rendered.kustomizations.find(
    (one) => !one.object.spec.suspend && sourceOf(one) !== own && speaks.test(`${one.name} ${one.path}`),
  );
  if (!found) return undefined;
  const { kind, name } = found.object.spec.sourceRef;
  const isThere = objectsOf(rendered, kind).some(({ object }) => object.metadata.name === name);
  return new HarnessError(
    `Kustomization ${found.name} takes its files from ${sourceOf(found)}, and those of this repository are ${own}: nothing of it is seen`,
    isThere
      ? { code: "usage", remedy: "Give --manifests a checkout of that other repository." }
      : { code: "failed", remedy: `name ${own} in spec.sourceRef of its ks.yaml` },
  );
}

function sourceOf({ object: { spec }, namespace: own }: RenderedTree["kustomizations"][number]): string {
  const { kind, name, namespace = own } = spec.sourceRef;
  return `${kind} ${namespace}/${name}`;
}

/** A Kustomization that stands in a file, and that nothing which Flux applies brings. */
function unreached({ kustomizations }: RenderedTree, tree: Tree): HarnessError | undefined {
  const reached = new Set(kustomizations.map(({ name }) => name));
  const found = tree
    .objects("Kustomization")
    .find(
      ({ object }) =>
        isFluxKustomization(object) &&
        speaks.test(`${object.metadata?.name} ${object.spec?.path}`) &&
        !reached.has(object.metadata?.name ?? ""),
    );
  if (!found) return undefined;
  return new HarnessError(
    `${found.path}: Kustomization ${found.object.metadata?.name} is in the tree, and Flux does not reach it`,
    {
      code: "failed",
      remedy:
        "list its file, or the directory that leads to it, in the resources of the kustomization.yaml above",
    },
  );
}

function foreignChart(rendered: RenderedTree): HarnessError | undefined {
  const found = rendered.releases.find(({ namespace, name, isRendered, chart }) => {
    const release = objectsOf(rendered, "HelmRelease").find(
      ({ object }) => object.metadata.name === name && object.metadata.namespace === namespace,
    );
    const isOther = !isRendered && chart && chart.name !== "app-template";
    return isOther && speaks.test(JSON.stringify([name, chart.name, release?.object.spec]));
  });
  if (!found) return undefined;
  return new HarnessError(
    `HelmRelease ${found.namespace}/${found.name} is made by chart ${found.chart?.name}, which the harness cannot render`,
    { code: "environment", remedy: "The harness renders app-template, and what needs no chart." },
  );
}

type Found = { workload: ReturnType<typeof workloadsIn>[number] } & {
  container: ReturnType<typeof containersOf>[number];
};

/** The ConfigMap that a container's program is to come from, where there is none. */
function missingScripts(rendered: RenderedTree, { workload, container }: Found): string | undefined {
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  const there = new Set(
    objectsOf(rendered, "ConfigMap")
      .filter(({ object }) => object.metadata.namespace === workload.namespace)
      .map(({ object }) => object.metadata.name),
  );
  return (container.volumeMounts ?? [])
    .filter(({ mountPath }) => words.some((word) => isAtOrBelow(word, mountPath)))
    .map((mount) => workload.pod.volumes?.find(({ name }) => name === mount.name)?.configMap)
    .find((map) => map?.name !== undefined && map.optional !== true && !there.has(map.name))?.name;
}

/** A container of an image that is called so, and that is told nothing, or something else. */
function unknownCommand(rendered: RenderedTree): HarnessError | undefined {
  // What runs on, before what an init container does with the same image.
  const [found] = workloadsIn(rendered).flatMap((workload) =>
    [...workload.pod.containers, ...containersOf(workload)]
      .filter(({ image = "" }) => speaks.test(image))
      .map((container) => ({ workload, container })),
  );
  if (!found) return undefined;
  const { workload, container } = found;
  const words = [...(container.command ?? []), ...(container.args ?? [])].join(" ").split("\n")[0];
  const missing = missingScripts(rendered, found);
  if (missing !== undefined)
    return new HarnessError(
      `${workload.kind} ${workload.namespace}/${workload.name} runs \`${words}\`, which is of ConfigMap ${workload.namespace}/${missing}, and nobody makes that`,
      { code: "failed", remedy: "Name the ConfigMap that is there, or add it: without it no pod starts." },
    );
  return new HarnessError(
    `${workload.kind} ${workload.namespace}/${workload.name} runs ${container.image} ${words ? `with \`${words}\`` : "without a command"}, and nothing says that it is opencode web or opencode serve`,
    {
      code: "usage",
      remedy:
        "Say in command or args what it is to be (args: [web, --hostname, 0.0.0.0]): what an image starts by itself cannot be seen here.",
    },
  );
}

const speaksBelow = (tree: Tree, directory: string): boolean =>
  [...tree.files].some(
    ([path, { content }]) =>
      (directory === "" || path.startsWith(`${directory}/`)) && speaks.test(content.toString()),
  );

/** Also its paths say nothing. */
const isSilent = (tree: Tree): boolean =>
  ![...tree.files.keys()].some((path) => speaks.test(path)) && !speaksBelow(tree, "");
