import type { DocumentCommand } from "./documents.ts";
import type { Inspected } from "./inspected.ts";

const fenced = /^```[\s\S]*?^```/gm;

/** What stands in a line of prose: `kubectl -n opencode get pods`. A line may end within it. */
const inline = /(?<!`)`(kubectl\s[^`]+)`(?!`)/g;

const lineAt = (text: string, index: number) => text.slice(0, index).split("\n").length;

/** Every call of kubectl that a document of the repository tells, in its blocks and in its prose. */
export function toldCommands({ home: { tree, beside } }: Inspected): DocumentCommand[] {
  const documents = [...tree.files, ...beside.files].filter(([file]) => file.endsWith(".md"));
  return documents.flatMap(([file, { content }]) => {
    const text = content.toString();
    const blocks = [...text.matchAll(fenced)].flatMap(({ 0: block, index }) =>
      block
        .split("\n")
        .flatMap((line, at) =>
          /\bkubectl\s/.test(line) && !/^\s*#/.test(line)
            ? [{ text: line, place: { file, line: lineAt(text, index) + at } }]
            : [],
        ),
    );
    const prose = text.replaceAll(fenced, (block) => block.replaceAll(/[^\n]/g, " "));
    const spans = [...prose.matchAll(inline)].map(({ 1: command = "", index }) => ({
      text: command.replaceAll(/\s+/g, " "),
      place: { file, line: lineAt(text, index) },
    }));
    return [...blocks, ...spans];
  });
}
