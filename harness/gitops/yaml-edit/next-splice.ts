import { isDeepStrictEqual } from "node:util";
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import {
  added,
  colonOf,
  columnOf,
  dashOf,
  entriesOf,
  isObject,
  type Place,
  removed,
  replaced,
  type Splice,
  startOf,
} from "./splices.ts";

/** A document that was read with `keepSourceTokens`, and the text of its file. */
export interface Source {
  text: string;
  document: Document;
}

type BlockMap = YAMLMap<Node, Node | null>;
type Fields = Record<string, unknown>;

/** The first of the changes that lead from a node to what it is wanted to be; undefined where it is that. */
export function nextSplice(
  source: Source,
  node: Node | null,
  wanted: unknown,
  place: Place,
): Splice | undefined {
  if (isMap<Node, Node | null>(node) && isFields(wanted)) {
    return inMap(source, node, wanted, inside(source, node, wanted, place));
  }
  if (isSeq<Node>(node) && Array.isArray(wanted)) {
    return inSeq(source, node, wanted, inside(source, node, wanted, place));
  }
  const isSame = isAlias(node) ? stands(source, node, wanted) : isPlain(node) && scalarOf(node) === wanted;
  return isSame ? undefined : replaced(source.text, node, wanted, place);
}

const isFields = (value: unknown): value is Fields => isObject(value) && !Array.isArray(value);
const isPlain = (node: Node | null) => node === null || isScalar(node);
const scalarOf = (node: Node | null) => (isScalar(node) ? node.value : null);

/** What an alias repeats comes before it, and is as it is wanted by now. */
function stands({ document }: Source, alias: Alias, wanted: unknown): boolean {
  const target = alias.resolve(document);
  return target !== undefined && isDeepStrictEqual(target.toJS(document), wanted);
}

function inside(
  { text }: Source,
  node: BlockMap | YAMLSeq<Node>,
  wanted: unknown,
  { brackets, ...place }: Place,
): Place {
  const outermost = brackets ?? (node.flow ? replaced(text, node, wanted, place) : undefined);
  return outermost ? { ...place, brackets: outermost } : place;
}

function inMap(source: Source, map: BlockMap, wanted: Fields, place: Place): Splice | undefined {
  const own = map.items.filter((pair) => !isMerge(pair));
  const merged = own.length < map.items.length ? valuesOf(source, map) : {};
  const isGone = (key: string) => !Object.hasOwn(wanted, key);
  const hasKey = (key: string) => own.some((pair) => keyOf(pair) === key);
  const cannotGo = !merged || Object.keys(merged).some((key) => isGone(key) && !hasKey(key));
  const isEmptied = own.length > 0 && own.every((pair) => isGone(keyOf(pair)));
  if (cannotGo || isEmptied) return replaced(source.text, map, wanted, place);

  for (const pair of own) {
    const change = isGone(keyOf(pair)) ? undefined : inPair(source, pair, wanted, place);
    if (change) return change;
  }
  const gone = map.items.findIndex((pair) => own.includes(pair) && isGone(keyOf(pair)));
  const more = Object.entries(wanted).find(
    ([key, value]) => !hasKey(key) && !isDeepStrictEqual(merged[key], value),
  );
  if (gone === -1 && !more) return undefined;
  if (place.brackets || map.items.length === 0) return replaced(source.text, map, wanted, place);
  const entries = entriesOf(map);
  if (gone >= 0) return removed(source.text, entries, gone);
  return more && added(source.text, entries, entries.length - 1, { [more[0]]: more[1] });
}

function inPair({ text, document }: Source, pair: Pair<Node, Node | null>, wanted: Fields, place: Place) {
  const start = colonOf(pair);
  if (start === undefined) return place.brackets;
  const { brackets } = place;
  const own = { column: columnOf(text, startOf(pair.key)), start, ...(brackets ? { brackets } : {}) };
  return nextSplice({ text, document }, pair.value, wanted[keyOf(pair)], own);
}

function inSeq(source: Source, seq: YAMLSeq<Node>, wanted: unknown[], place: Place): Splice | undefined {
  const change = (index: number, value: unknown) => inItem(source, seq, index, value, place);
  const { items } = seq;
  const shorter = Math.min(items.length, wanted.length);
  const head = countWhile(shorter, (index) => !change(index, wanted[index]));
  const tail = countWhile(
    shorter - head,
    (index) => !change(items.length - 1 - index, wanted.at(-1 - index)),
  );
  const isGone = head + tail < items.length;
  const isMore = head + tail < wanted.length;
  if (isGone && isMore) return change(head, wanted[head]);
  if (!isGone && !isMore) return undefined;
  if (place.brackets || items.length === 0 || wanted.length === 0)
    return replaced(source.text, seq, wanted, place);
  const entries = entriesOf(seq);
  if (isGone) return removed(source.text, entries, head);
  return added(source.text, entries, head - 1, [wanted[head]]);
}

function inItem(source: Source, seq: YAMLSeq<Node>, index: number, wanted: unknown, place: Place) {
  const dash = dashOf(seq, index);
  const own = place.brackets ? place : { column: columnOf(source.text, dash), start: dash + 1 };
  return nextSplice(source, seq.items[index] ?? null, wanted, own);
}

function countWhile(length: number, holds: (index: number) => boolean): number {
  let count = 0;
  while (count < length && holds(count)) count += 1;
  return count;
}

const keyOf = ({ key }: Pair<Node, unknown>) => String(isScalar(key) ? key.value : key);

function isMerge({ key }: Pair<Node, unknown>): boolean {
  return (
    isScalar(key) && (key.value === "<<" || (typeof key.value === "symbol" && key.value.description === "<<"))
  );
}

/** With what is merged in; undefined where an anchor is gone. */
function valuesOf({ document }: Source, map: BlockMap): Fields | undefined {
  try {
    return map.toJS(document) as Fields;
  } catch {
    return undefined;
  }
}
