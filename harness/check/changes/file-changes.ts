import { HarnessError } from "../../base/index.ts";
import {
  nearestBases,
  type PastTree,
  readTree,
  readTreeAt,
  type Tree,
  type TreeFile,
} from "../../gitops/index.ts";
import { diffLines } from "./diff-lines.ts";
import { maskedText } from "./masked-text.ts";

/** What stands otherwise in the files of a tree than in a commit of its repository. */
export interface TreeChange {
  base: { ref: string; commit: string; isMergeBase: boolean };
  files: FileChange[];
}

export interface FileChange {
  /** Relative to the tree. */
  path: string;
  what: "added" | "removed" | "changed";
  /** As unified diffs have it, secrets redacted; none of what is no text, and of what has no room. */
  lines: string[];
}

export interface ChangeOptions {
  manifests: string;
  /** What the change is to be merged into, where somebody says so. */
  base?: string | undefined;
  /** Names of workspaces: files that bear one of them come first. */
  names: readonly string[];
  /** What must not be shown wherever it stands. */
  values: readonly string[];
}

/** More nobody reads. */
const mostLines = 2_000;
/** To compare more takes long, and no person has written it. */
const mostBytes = 100_000;

/**
 * How the files of a tree differ from where its checkout parts from the branch that it is to come to, or from what was
 * committed last; undefined where nothing differs or there is no repository.
 */
export async function treeChange(options: ChangeOptions): Promise<TreeChange | undefined> {
  const { manifests, base, names } = options;
  const bases = await nearestBases(manifests);
  if (bases.length === 0) return undefined;
  const now = await readTree(manifests);
  for (const ref of base === undefined ? bases : [base, ...bases]) {
    const past = await pastAt(manifests, ref);
    const paths = past ? differing(past.tree, now) : [];
    if (!past || paths.length === 0) continue;
    const isNamed = (path: string) => names.some((name) => path.includes(name));
    const ordered = [...paths.filter(isNamed), ...paths.filter((path) => !isNamed(path))];
    const { commit, isMergeBase } = past;
    return {
      base: { ref, commit, isMergeBase },
      files: await changesOf(ordered, { before: past.tree, after: now, values: options.values }),
    };
  }
  return undefined;
}

/** Undefined where the repository has no such commit, or not all of it. */
async function pastAt(manifests: string, ref: string): Promise<PastTree | undefined> {
  try {
    return await readTreeAt(manifests, ref);
  } catch (error) {
    if (error instanceof HarnessError && error.code === "usage") return undefined;
    throw error;
  }
}

function differing(before: Tree, after: Tree): string[] {
  const isSame = (path: string) => {
    const [old, now] = [before.files.get(path), after.files.get(path)];
    return old !== undefined && now !== undefined && old.mode === now.mode && old.content.equals(now.content);
  };
  return [...new Set([...before.files.keys(), ...after.files.keys()])].filter((path) => !isSame(path)).sort();
}

interface Sides {
  before: Tree;
  after: Tree;
  values: readonly string[];
}

async function changesOf(paths: readonly string[], { before, after, values }: Sides): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  let room = mostLines;
  for (const path of paths) {
    const [old, now] = [before.files.get(path), after.files.get(path)];
    const what = old && now ? "changed" : now ? "added" : "removed";
    const lines = room > 0 ? await linesOf(old, now, values) : [];
    const shown = lines.length <= room ? lines : [];
    room -= shown.length;
    changes.push({ path, what, lines: shown });
  }
  return changes;
}

/** None where only the mode differs. */
async function linesOf(
  before: TreeFile | undefined,
  after: TreeFile | undefined,
  values: readonly string[],
): Promise<string[]> {
  const isLeftOut = ({ content }: TreeFile) => content.includes(0) || content.length > mostBytes;
  if ([before, after].some((file) => file && isLeftOut(file))) return [];
  const [old = "", now = ""] = await Promise.all(
    [before, after].map((file) => maskedText(file?.content.toString() ?? "", values)),
  );
  return diffLines(old, now);
}
