import { escapeRegExp } from "../../base/index.ts";
import { type OwnedObject, objectsOf, type RenderedHome } from "../../home/index.ts";
import type { KubeObject, WorkspaceFacts } from "../../rendering/index.ts";
import { diffLines } from "../changes/diff-lines.ts";
import { maskedPair, valuesBehindSops } from "../changes/masked.ts";
import { inNamesOf } from "./words-of.ts";

/** A workspace, how failures may call it, and how it differs from another of the tree. */
export interface Twin {
  workspace: { name: string; workload: { name: string }; hosts: { hostname: string }[] };
  /** The name of the other one. */
  twin: string;
  /** In the order in which a cause is likely to be there; none where nothing differs. */
  differences: TwinDifference[];
}

/** An object that is not the same in both, but for the names. */
export interface TwinDifference {
  kind: string;
  name: string;
  /** Relative to the tree, of the workspace where it has the object, else of its twin. */
  file?: string;
  /** Which of them has it. */
  of: "both" | "workspace" | "twin";
  /** As unified diffs have it, in the workspace's names, secrets redacted: `-` is the twin's, `+` the workspace's. */
  lines: string[];
}

/** Each workspace that has another of its shape, with what differs: where all else is alike, a mistake stands out. */
export async function twinsOf(home: RenderedHome): Promise<Twin[]> {
  const all = home.workspaces.map((facts) => ({ facts, objects: objectsNamedAfter(facts, home) }));
  const found = all.map(async (own): Promise<Twin[]> => {
    const best = nearest(own, all);
    if (!best) return [];
    const { name, workload, hosts } = own.facts;
    return [
      {
        workspace: {
          name,
          workload: { name: workload.name },
          hosts: hosts.map(({ hostname }) => ({ hostname })),
        },
        twin: best.facts.name,
        differences: await differences(own, best, valuesBehindSops(home)),
      },
    ];
  });
  return (await Promise.all(found)).flat();
}

interface Side {
  facts: WorkspaceFacts;
  objects: OwnedObject[];
}

/** All of a Kustomization that is its alone; of one that others share what bears its name. */
function objectsNamedAfter(facts: WorkspaceFacts, { rendered, workspaces }: RenderedHome): OwnedObject[] {
  const isSame = (one: { namespace: string; name: string }) =>
    one.namespace === facts.kustomization.namespace && one.name === facts.kustomization.name;
  const isShared = workspaces.filter(({ kustomization }) => isSame(kustomization)).length > 1;
  const isOther = (name: string) =>
    workspaces.some(
      ({ workload }) => workload.name.length > facts.workload.name.length && hasWord(name, workload.name),
    );
  return objectsOf(rendered).filter(({ object: { metadata }, owner }) => {
    if (isSame(owner) && !isShared) return true;
    if (isSame(owner) && metadata.namespace !== facts.namespace) return false;
    return hasWord(metadata.name, facts.workload.name) && !isOther(metadata.name);
  });
}

const hasWord = (text: string, word: string): boolean =>
  new RegExp(`(?<![A-Za-z0-9])${escapeRegExp(word)}(?![A-Za-z0-9])`).test(text);

/** The other one with the most objects that this one has too; half of them at least, or their shapes are not the same. */
function nearest(own: Side, all: readonly Side[]): Side | undefined {
  const keys = new Set(byKey(own.objects, (text) => text).keys());
  const ranked = all
    .filter(({ facts }) => facts.name !== own.facts.name && facts.workload.kind === own.facts.workload.kind)
    .map((side) => ({ side, shared: sharedWith(keys, side, own.facts) }))
    .filter(({ side, shared }) => 2 * shared >= Math.max(keys.size, side.objects.length))
    .sort((one, other) => other.shared - one.shared);
  return ranked[0]?.side;
}

const sharedWith = (keys: ReadonlySet<string>, side: Side, own: WorkspaceFacts): number =>
  [...byKey(side.objects, inNamesOf(own, side.facts)).keys()].filter((key) => keys.has(key)).length;

function byKey(objects: readonly OwnedObject[], rename: (text: string) => string): Map<string, OwnedObject> {
  return new Map(
    objects.map((one) => {
      const { kind, metadata } = one.object;
      return [rename(`${kind} ${metadata.namespace ?? ""}/${metadata.name}`), one];
    }),
  );
}

async function differences(own: Side, twin: Side, values: readonly string[]): Promise<TwinDifference[]> {
  const rename = inNamesOf(own.facts, twin.facts);
  const [mine, others] = [byKey(own.objects, (text) => text), byKey(twin.objects, rename)];
  const keys = [...new Set([...mine.keys(), ...others.keys()])];
  const all = await Promise.all(
    keys.map(async (key) => differenceOf(mine.get(key), others.get(key), { rename, values })),
  );
  const found = all.filter((one) => one !== undefined);
  const made = found.filter(({ by }) => by.release !== undefined);
  return found
    .filter(({ told, by }) => told.kind !== "HelmRelease" || by.release !== undefined || made.length === 0)
    .map(({ told }) => told)
    .sort((one, other) => rankOf(one.kind) - rankOf(other.kind) || one.kind.localeCompare(other.kind));
}

interface Terms {
  rename: (text: string) => string;
  values: readonly string[];
}

async function differenceOf(
  mine: OwnedObject | undefined,
  other: OwnedObject | undefined,
  { rename, values }: Terms,
): Promise<{ told: TwinDifference; by: OwnedObject["by"] } | undefined> {
  const one = mine ?? other;
  if (!one) return undefined;
  const renamed = other && (JSON.parse(rename(JSON.stringify(other.object))) as KubeObject);
  if (JSON.stringify(renamed) === JSON.stringify(mine?.object)) return undefined;
  const texts = await maskedPair(renamed, mine?.object, values);
  const lines = diffLines(plainMarks(texts.before), plainMarks(texts.after));
  if (lines.length === 0) return undefined;
  const of = mine && other ? "both" : mine ? "workspace" : "twin";
  const { kind, metadata } = one.object;
  const file = one.file === undefined ? {} : { file: one.file };
  return { told: { kind, name: metadata.name, ...file, of, lines }, by: one.by };
}

/** That two workspaces have secrets of their own is as it should be. */
const plainMarks = (text = ""): string => text.replaceAll(/\[redacted, (before|after)\]/g, "[redacted]");

const likely = ["Deployment", "StatefulSet", "ExternalSecret", "HTTPRoute"];
const rankOf = (kind: string): number => (likely.includes(kind) ? likely.indexOf(kind) : likely.length);
