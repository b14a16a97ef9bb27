import { posix } from "node:path";
import { isFluxKustomization } from "../../rendering/index.ts";
import type { Inspected } from "./inspected.ts";
import type { Place } from "./place.ts";

/** A command line of a document, continued lines joined. */
export interface DocumentCommand {
  text: string;
  place: Place;
}

/** A document whose blocks its owner, and the harness, carries out. */
export interface OwnersDocument {
  file: string;
  kind: "node" | "volume" | "login";
  text: string;
  blocks: { text: string; line: number }[];
  commands: DocumentCommand[];
}

const kindOf = (file: string): "volume" | "login" | undefined => {
  const name = posix.basename(file);
  if (name === "volume-lost.md") return "volume";
  return name === "login-expired.md" ? "login" : undefined;
};

/** The tree's documents for what has been lost. */
export function documentsIn({ home: { tree }, workspaces }: Inspected): OwnersDocument[] {
  const runbooks = new Set(workspaces.map(({ facts }) => facts.runbook));
  return [...tree.files.keys()]
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) => {
      const text = tree.text(file);
      const kind = kindOf(file) ?? (runbooks.has(file) ? "node" : undefined);
      if (kind === undefined) return [];
      const blocks = blocksOf(text);
      const commands = blocks.flatMap((block) => commandsOf(file, block));
      return [{ file, kind, text, blocks, commands }];
    });
}

/**
 * Those of them whose workspaces are seen: what Flux does not reach, or cannot build, has a finding of its own, and from that
 * follows whatever such a document names.
 */
export function documentsSeen(inspected: Inspected): OwnersDocument[] {
  const { home, workspaces } = inspected;
  if (workspaces.length === 0) return [];
  const unseen = unseenFiles(home);
  return documentsIn(inspected).filter(
    ({ file }) => !unseen.some((path) => path.startsWith(`${posix.dirname(file)}/`)),
  );
}

/** Files of OpenCode's Flux Kustomizations of which nothing is rendered. */
function unseenFiles({ tree, rendered }: Inspected["home"]): string[] {
  const seen = new Set(
    rendered.kustomizations.filter(({ problem }) => problem === undefined).map(({ name }) => name),
  );
  return tree
    .objects("Kustomization")
    .filter(({ object }) => isFluxKustomization(object) && !seen.has(object.metadata?.name ?? ""))
    .map(({ path }) => path)
    .filter((path) => /opencode/i.test(tree.text(path)));
}

/** What stands between ```sh and ```, with the line on which it begins. */
function blocksOf(text: string): OwnersDocument["blocks"] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(({ 1: block = "", index }) => ({
    text: block,
    line: text.slice(0, index).split("\n").length + 1,
  }));
}

function commandsOf(file: string, { text, line }: { text: string; line: number }): DocumentCommand[] {
  const commands: DocumentCommand[] = [];
  let goesOn = false;
  for (const [index, one] of text.split("\n").entries()) {
    if (/^\s*#/.test(one)) continue;
    const plain = one.replace(/\\\s*$/, "");
    const before = goesOn ? commands.at(-1) : undefined;
    if (before) before.text += ` ${plain.trim()}`;
    else commands.push({ text: plain, place: { file, line: line + index } });
    goesOn = /(\\|\||&&)\s*$/.test(one);
  }
  return commands.filter(({ text: command }) => command.trim() !== "");
}
