import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { likewise, writtenEntry, writtenInline, writtenValue } from "./written-value.ts";

/** Text to put in the place of other text. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Where a value hangs: the column of its key or dash, and the offset behind its colon or dash. */
export interface Place {
  column: number;
  start: number;
  /** Of what stands inside of brackets: what replaces all of them. */
  brackets?: Splice;
}

/** A pair of a block map, or an item of a block sequence, which begins at its key or dash. */
export interface Entry {
  start: number;
  end: number;
}

export const startOf = (node: Node): number => node.range?.[0] ?? 0;

/** The end of its text, without comments and empty lines behind it. */
export function endOf(node: Node | null): number {
  if (!isCollection(node) || node.flow) return node?.range?.[1] ?? 0;
  const last: unknown = node.items.at(-1);
  return isPair<Node, Node | null>(last) ? endOf(last.value ?? last.key) : endOf(last as Node | null);
}

/** In place where both are scalars, so that anchors and comments stay; else all that hangs there. */
export function replaced(text: string, node: Node | null, wanted: unknown, place: Place): Splice {
  if (isScalar(node) && !isObject(wanted) && endOf(node) > startOf(node)) {
    const [start, end] = [startOf(node), endOf(node)];
    const value = likewise(node, wanted);
    const written = place.brackets ? writtenInline(value) : writtenValue(value, place.column).trimStart();
    return { start, end, text: withEnd(written, text.slice(start, end)) };
  }
  if (place.brackets) return place.brackets;
  const end = Math.max(place.start, endOf(node));
  const isInline = isCollection(node) && node.flow && node.items.length > 0 && isObject(wanted);
  const written = isInline
    ? ` ${writtenInline(wanted, /^[{[]\s/.test(text.slice(startOf(node))))}`
    : writtenValue(wanted, place.column);
  return { start: place.start, end, text: withEnd(written, text.slice(place.start, end)) };
}

/** Block scalars end with their newline, others do not. */
const withEnd = (written: string, old: string) => (old.endsWith("\n") ? `${written}\n` : written);

export const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Entries of a block collection in its text. */
export function entriesOf(collection: YAMLMap<Node, Node | null> | YAMLSeq<Node>): Entry[] {
  if (isMap<Node, Node | null>(collection)) {
    return collection.items.map(({ key, value }) => ({ start: startOf(key), end: endOf(value ?? key) }));
  }
  return collection.items.map((item, index) => ({ start: dashOf(collection, index), end: endOf(item) }));
}

/** With its lines where it has lines of its own, else up to the next entry. */
export function removed(text: string, entries: readonly Entry[], index: number): Splice {
  const [entry, next] = [entries[index], entries[index + 1]];
  if (!entry) throw new Error(`no entry ${index}`);
  const lineStart = text.lastIndexOf("\n", entry.start - 1) + 1;
  const isOwnLine = text.slice(lineStart, entry.start).trim() === "";
  if (!isOwnLine && next) return { start: entry.start, end: next.start, text: "" };
  return { start: lineStart, end: endOfLine(text, entry.end), text: "" };
}

/** An entry more, below the one at `index`, or above all at -1. */
export function added(
  text: string,
  entries: readonly Entry[],
  index: number,
  value: Record<string, unknown> | unknown[],
): Splice {
  const [first, above] = [entries[0], entries[index]];
  const column = columnOf(text, first?.start ?? 0);
  const [written, indent] = [writtenEntry(value, column), " ".repeat(column)];
  if (!above) return splice(first?.start ?? 0, `${written}${indent}`);
  const end = endOfLine(text, above.end);
  return splice(end, `${text[end - 1] === "\n" ? "" : "\n"}${indent}${written}`);
}

const splice = (at: number, text: string): Splice => ({ start: at, end: at, text });

function endOfLine(text: string, offset: number): number {
  if (text[offset - 1] === "\n") return offset;
  const newline = text.indexOf("\n", offset);
  return newline === -1 ? text.length : newline + 1;
}

export function columnOf(text: string, offset: number): number {
  return offset - text.lastIndexOf("\n", offset - 1) - 1;
}

/** Where an item of a block sequence begins. */
export function dashOf({ srcToken }: YAMLSeq, index: number): number {
  const items = srcToken?.type === "block-seq" ? srcToken.items : [];
  const dash = items[index]?.start.find(({ type }) => type === "seq-item-ind");
  return dash?.offset ?? 0;
}

/** Behind the colon; undefined for a key without one, in brackets. */
export function colonOf({ srcToken }: Pair<Node, Node | null>): number | undefined {
  const colon = srcToken?.sep?.find(({ type }) => type === "map-value-ind");
  return colon && colon.offset + 1;
}
