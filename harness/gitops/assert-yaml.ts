import { type Document, LineCounter, parseAllDocuments, visit } from "yaml";
import { HarnessError } from "../base/index.ts";

/**
 * @param shown the file's path as the reader knows it
 * @throws HarnessError `usage` that names file, line, column and what is wrong
 */
export function assertYaml(shown: string, path: string, content: Buffer): void {
  if (!/\.ya?ml$/.test(path)) return;
  const [error] = errorsIn(content.toString("utf8"));
  if (!error) return;
  throw new HarnessError(`${shown}:${error.line}:${error.column}: ${error.what}`, {
    code: "usage",
    details: error.excerpt,
    remedy: `Correct line ${error.line} of ${shown}.`,
  });
}

/** Characters of a line before what is wrong in it, and after: a line may be as long as a file. */
const shownBefore = 100;

interface Found {
  line: number;
  column: number;
  what: string;
  excerpt: string;
}

function errorsIn(text: string): Found[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, prettyErrors: false });
  return documents.flatMap((document) =>
    [
      ...document.errors.map(({ pos, message }) => ({ at: pos[0], what: message })),
      ...unknownAliases(document),
    ].map(({ at, what }) => {
      const { line, col } = lineCounter.linePos(at);
      const from = Math.max(0, col - shownBefore);
      const source = (text.split("\n")[line - 1] ?? "").slice(from, from + 2 * shownBefore);
      return { line, column: col, what, excerpt: `${source}\n${" ".repeat(col - 1 - from)}^` };
    }),
  );
}

/** The parser leaves aliases to whoever reads the value. */
function unknownAliases(document: Document.Parsed): { at: number; what: string }[] {
  const unknown: { at: number; what: string }[] = [];
  const anchors = new Set<string>();
  visit(document, {
    Value: (_key, { anchor }) => {
      if (anchor) anchors.add(anchor);
    },
    Alias: (_key, alias) => {
      if (anchors.has(alias.source)) return;
      unknown.push({
        at: alias.range?.[0] ?? 0,
        what: `Alias *${alias.source} has no anchor &${alias.source} before it`,
      });
    },
  });
  return unknown;
}
