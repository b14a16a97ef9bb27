import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
} from "yaml";
import { Remembered } from "../base/index.ts";

/** An object of a manifest with its text: who asks for a field gets the line that it stands in. */
export interface ManifestNode {
  kind: string | undefined;
  name: string | undefined;
  /** The line of the field, counted from 1, or of the nearest one above it that is there; `found` is how far it is. */
  lineOf(field: readonly (string | number)[]): { line: number; found: (string | number)[] };
}

/** Whoever asks for the places of many objects of one file asks for its nodes each time. */
const remembered = new Remembered<ManifestNode[]>(50);

/** Every object of a YAML file, read once. What is no object, or cannot be read, is passed over. */
export const manifestNodes = (text: string): readonly ManifestNode[] =>
  remembered.get(text, () => nodesIn(text));

function nodesIn(text: string): ManifestNode[] {
  const lineCounter = new LineCounter();
  return parseAllDocuments(text, { lineCounter }).flatMap((document) => {
    const root = document.contents;
    if (!isMap(root)) return [];
    const scalar = (path: string[]) => {
      const value = document.getIn(path);
      return typeof value === "string" ? value : undefined;
    };
    const start = root.items[0]?.key as Node | undefined;
    return [
      {
        kind: scalar(["kind"]),
        name: scalar(["metadata", "name"]),
        lineOf: (field) => {
          const { offset, found } = walk(document, root, field, startOf(start) ?? 0);
          return { line: lineCounter.linePos(offset).line, found };
        },
      },
    ];
  });
}

function walk(
  document: Document.Parsed,
  root: Node,
  field: readonly (string | number)[],
  start: number,
): { offset: number; found: (string | number)[] } {
  let [node, offset]: [Node | undefined, number] = [root, start];
  const found: (string | number)[] = [];
  for (const step of field) {
    const next = stepInto(document, node, step);
    if (!next) break;
    found.push(step);
    offset = next.offset;
    node = next.node;
  }
  return { offset, found };
}

interface Stepped {
  node: Node | undefined;
  offset: number;
}

/** What lies in an anchor is found where it is written, not where an alias repeats it. */
function stepInto(
  document: Document.Parsed,
  from: Node | undefined,
  step: string | number,
): Stepped | undefined {
  const node = isAlias(from) ? from.resolve(document) : from;
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return isNode(item) ? { node: item, offset: startOf(item) ?? 0 } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  if (pair) return inPair(pair);
  const merged = node.items.filter(({ key }) => isScalar(key) && key.value === "<<");
  return merged
    .map(({ value }) => stepInto(document, value as Node, step))
    .find((found) => found !== undefined);
}

function inPair({ key, value }: Pair): Stepped {
  return { node: isNode(value) ? value : undefined, offset: startOf(key as Node) ?? 0 };
}

function startOf(node: Node | undefined): number | undefined {
  return node?.range?.[0];
}
