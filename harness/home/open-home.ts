import { lstat } from "node:fs/promises";
import { dirname, join, posix, resolve } from "node:path";
import { HarnessError } from "../base/index.ts";
import { homeAround, isWholeHome, readTree, Tree, type TreeFile, textsBeside } from "../gitops/index.ts";
import {
  entryOf,
  findWorkspaces,
  type RenderedTree,
  type RenderProblem,
  renderTree,
  type WorkspaceFacts,
} from "../rendering/index.ts";
import { deriveOutside } from "./derive-outside.ts";
import { externalDnsOf } from "./facts.ts";
import { layInto } from "./lay-into.ts";
import { refuseWhatOperatorMakes } from "./made-by-operator.ts";
import { findNeeds, type Needs } from "./needs.ts";
import { noWorkspace } from "./no-workspace.ts";
import { type Outside, readOutside } from "./outside.ts";
import { ownerDocuments } from "./owner-documents.ts";
import { publicDnsOf } from "./public-dns.ts";
import { SopsValues } from "./sops-values.ts";

export interface HomeOptions {
  /** The tree under test: a whole home repository, or what is to be laid into one. */
  manifests: string;
  /** What no Git holds; `outside.yaml` beside the tree, or that of fixtures/home, if not given. */
  outside?: string | undefined;
  /**
   * The values behind SOPS of a run that goes on, or of the home that this one is compared with; made for this one if not
   * given.
   */
  sops?: SopsValues | undefined;
  signal?: AbortSignal;
}

/** The home cluster with the application in it, as its owner would have it after the merge. */
export interface RenderedHome {
  /** As in its repository; files of SOPS as they stand there. */
  tree: Tree;
  /** Texts of the repository from which nothing is rendered, README.md for instance. */
  beside: Tree;
  /** Whether `manifests` was a whole home, and not laid into fixtures/home. */
  isWhole: boolean;
  /** Files of the tree under test in whose place the home keeps its own. */
  kept: string[];
  /** Files of the tree under test that are not in `tree`, since the home has its own; each with where it stands on disk. */
  replaced: ReadonlyMap<string, { file: TreeFile; onDisk: string }>;
  /** Where a file of the tree stands on disk. */
  fileOf(path: string): string;
  outside: Outside;
  /** What a run cannot notice, since the world outside was read off the tree. */
  blind: string[];
  /** Values that stand behind SOPS in this run. */
  sops: SopsValues;
  rendered: RenderedTree;
  workspaces: WorkspaceFacts[];
}

export interface Home extends RenderedHome {
  needs: Needs;
}

/** The small home cluster that trees are laid into. */
export const fixtureHome = resolve(import.meta.dirname, "../../fixtures/home");

/**
 * Reads the tree, lays it into a home where it is none itself, and renders both.
 *
 * @throws HarnessError `usage` where there is nothing to read, `failed` where no workspace comes of it, `environment` where
 * our own app-template cannot render what would be one, or flux-operator would make it.
 */
export async function openHome(options: HomeOptions): Promise<Home> {
  const home = await renderHome(options);
  const { rendered, workspaces } = home;
  refuseWhatOurChartCannot(rendered);
  if (workspaces.length === 0) throw noWorkspace(options.manifests, rendered, home.tree);
  const needs = findNeeds(rendered, workspaces);
  refuseWhatOperatorMakes(rendered, workspaces, needs);
  return { ...home, needs };
}

/**
 * The same without a judgement: what is wrong with the tree is left to whoever asks, also that nothing of it is a workspace.
 *
 * @param edit changes the tree, laid into its home, before it is rendered
 * @param inPlace the tree that is rendered in place of the directory's files
 * @throws HarnessError `usage` where there is nothing to read
 */
export async function renderHome(
  { manifests, outside, sops: before, signal }: HomeOptions,
  edit?: (tree: Tree) => void,
  inPlace?: Tree,
): Promise<RenderedHome> {
  const { own, isWhole, tree, kept, left } = await readLaid(manifests, inPlace);
  const { root, cluster } = inPlace ? { root: manifests } : await homeAround(manifests);
  const ownRoot = cluster === undefined ? manifests : root;
  const isOfHome = (path: string) => kept.includes(path) || (tree.files.has(path) && !own.files.has(path));
  const fileOf = (path: string) => join(isOfHome(path) ? fixtureHome : ownRoot, path);
  const replaced = new Map(
    [...left].map(([path, one]) => [path, { file: one, onDisk: join(ownRoot, path) }]),
  );
  const beside = await textsBeside(manifests, tree);
  edit?.(tree);
  const given =
    outside === undefined ? (await foundOutside(manifests, own))?.outside : await readOutside(outside);
  const sops = before ?? new SopsValues(given?.sops ?? {});
  const { rendered, found } = await renderedFacts(tree, sops, signal);
  const derived = given ? { outside: given, blind: [] } : deriveOutside(rendered, found);
  const publicDns = publicDnsOf(externalDnsOf(rendered), derived.outside);
  const workspaces = publicDns ? found.map((facts) => ({ ...facts, publicDns })) : found;
  return { tree, beside, isWhole, kept, replaced, fileOf, ...derived, sops, rendered, workspaces };
}

async function renderedFacts(tree: Tree, sops: SopsValues, signal: AbortSignal | undefined) {
  const plain = sops.plain(tree);
  const rendered = await renderTree(plain, { entry: entryOf(plain), ...(signal ? { signal } : {}) });
  const documents = ownerDocuments(tree);
  return { rendered, found: findWorkspaces(rendered).map((facts) => ({ ...facts, ...documents })) };
}

/**
 * The same home with the tree's own files in place of those that it has itself, as who has none of these would have it;
 * undefined where there are none. The world outside is read off it: what only those files ask for need not be there.
 */
export async function renderReplaced(
  home: RenderedHome,
  signal?: AbortSignal,
): Promise<RenderedHome | undefined> {
  if (home.replaced.size === 0) return undefined;
  const own = [...home.replaced].map(([path, { file }]): [string, TreeFile] => [path, file]);
  const lists = [...home.replaced.keys()].filter((path) => path.endsWith("/kustomization.yaml"));
  const directories = new Set(lists.map((path) => posix.dirname(path)));
  // What the home alone has beside them is none of that template.
  const others = [...home.tree.files].filter(
    ([path]) => !directories.has(posix.dirname(path)) || home.kept.includes(path),
  );
  const tree = new Tree([...others, ...own]);
  const { rendered, found } = await renderedFacts(tree, home.sops, signal);
  return { ...home, tree, rendered, workspaces: found, ...deriveOutside(rendered, found) };
}

/** The tree, laid into a home where it is none itself: what Flux reads, and what mutants edit. */
export async function treeInHome(manifests: string): Promise<Tree> {
  return (await readLaid(manifests)).tree;
}

async function readLaid(
  manifests: string,
  inPlace?: Tree,
): Promise<
  Pick<RenderedHome, "tree" | "isWhole" | "kept"> & { own: Tree; left: ReadonlyMap<string, TreeFile> }
> {
  const own = inPlace ?? (await readTree(manifests));
  if (isWholeHome(own)) return { own, tree: own, isWhole: true, kept: [], left: new Map() };
  const { replaced, ...laid } = layInto(await readTree(fixtureHome), own);
  return { own, isWhole: false, ...laid, left: replaced };
}

/**
 * Beside the tree, or above `kubernetes/`; for a tree without one that is no home itself that of the small home, if the tree
 * asks for what its documents say: wherever somebody keeps a copy of manifests/, the same is outside.
 */
export async function outsideFor(manifests: string, own: Tree): Promise<string | undefined> {
  return (await foundOutside(manifests, own))?.file;
}

/** The same with what stands in the file, which is read once. */
async function foundOutside(
  manifests: string,
  own: Tree,
): Promise<{ file: string; outside: Outside } | undefined> {
  const beside = [join(manifests, "outside.yaml"), join(dirname(resolve(manifests)), "outside.yaml")];
  const found = await Promise.all(beside.map(isFile));
  const file = beside[found.indexOf(true)];
  if (file !== undefined) return { file, outside: await readOutside(file) };
  if (isWholeHome(own)) return undefined;
  const ofSmallHome = join(fixtureHome, "outside.yaml");
  const outside = await readOutside(ofSmallHome);
  return asksFor(own, outside) ? { file: ofSmallHome, outside } : undefined;
}

/** Whether the tree asks for most of the workspaces' keys there: in a copy of manifests/ one may be misspelt. */
function asksFor(own: Tree, { doppler }: Outside): boolean {
  const keys = Object.keys(doppler).filter((key) => key.startsWith("OPENCODE_"));
  const text = [...own.files.values()].map(({ content }) => content.toString()).join("\n");
  return keys.filter((key) => text.includes(key)).length > keys.length / 2;
}

/** What the tree brings may be a link to a file of this machine, or no file at all. */
const isFile = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** That our chart lacks something is no fault of the tree: whoever reads the exit code must not take it for one. */
export function refuseWhatOurChartCannot({ problems, kustomizations }: RenderedTree): void {
  const wouldServe = (release: RenderProblem["release"]) =>
    kustomizations
      .flatMap(({ objects }) => objects.map(({ object }) => object))
      .filter(({ kind, metadata }) => kind === "HelmRelease" && metadata.name === release?.name)
      .some((object) => /\b(web|serve)\b/.test(JSON.stringify(object)));
  const found = problems.find(({ kind, release }) => kind === "chart" && wouldServe(release));
  if (!found) return;
  throw new HarnessError(found.message, {
    code: "environment",
    remedy:
      "fixtures/charts/app-template/README.md says what our chart can be; ask for one of these versions, or let the chart learn it.",
  });
}
