import type { V1Container } from "@kubernetes/client-node";
import { escapeRegExp, legible } from "../../base/index.ts";
import { Tree, type TreeFile } from "../../gitops/index.ts";
import { type OwnedObject, objectsOf, type RenderedHome } from "../../home/index.ts";
import {
  containersOf,
  type KubeObject,
  Objects,
  type Program,
  programOf,
  type RenderedKustomization,
  type Workload,
  type WorkspaceFacts,
  workloadsIn,
} from "../../rendering/index.ts";
import type { Fault } from "../finding.ts";
import { aboutOpenCode, ofOthers } from "./about-open-code.ts";
import { key, type Needle, type Place, placeIn } from "./place.ts";

/** A workspace, with all that its workload says. */
export interface InspectedWorkspace {
  facts: WorkspaceFacts;
  workload: Workload;
  object: OwnedObject;
  /** The container that runs OpenCode. */
  app: V1Container;
  containers: { container: V1Container; program: Program; isInit: boolean }[];
  /** Where it stands: the file of its release or workload, and the line to which the needles lead. */
  at(...needles: Needle[]): Place;
}

/** The variables of the container that runs OpenCode, as far as the tree says them. */
export const variablesOf = ({ containers, app }: InspectedWorkspace): Record<string, string> =>
  containers.find(({ container }) => container === app)?.program.variables ?? {};

/** An object as a reader looks for it: `SecurityPolicy opencode-ha`. */
export const titleOf = ({ object }: OwnedObject): string => `${object.kind} ${object.metadata.name}`;

/** What an object's spec says, as its kind has it: schemas have judged the shape. */
export const specOf = <Spec>({ object }: OwnedObject): Spec => (object.spec ?? {}) as Spec;

/** The HelmRelease that makes a workspace, if one does. */
export const releaseOf = (inspected: Inspected, { facts: { release } }: InspectedWorkspace) =>
  ownedNamed(inspected, "HelmRelease", { namespace: release?.namespace, name: release?.name });

/** An object of the tree by its kind and names, with file and Kustomization. */
export const ownedNamed = (
  { of }: Pick<Inspected, "of">,
  kind: string,
  { namespace, name }: { namespace?: string | undefined; name?: string | undefined },
): OwnedObject | undefined =>
  of(kind).find(({ object: { metadata } }) => metadata.name === name && metadata.namespace === namespace);

/** A rendered home, made ready to be asked. */
export interface Inspected {
  home: RenderedHome;
  /** Documents and scripts of the tree that are more than can be looked through: they are empty in `home.tree`. */
  tooLong: string[];
  /** The same as the base has it, where the tree is compared with one. */
  before?: Inspected;
  objects: Objects;
  all: OwnedObject[];
  workspaces: InspectedWorkspace[];
  /** Whether a Kustomization has to do with OpenCode; of the others the owner knows more. */
  isOurs(kustomization: { namespace: string; name: string } | undefined): boolean;
  /** Whether an object is of a Kustomization that has to do with OpenCode, and not of another application that it applies too. */
  concernsUs(one: OwnedObject): boolean;
  /** Whether it, or what it applies, has to do with OpenCode: Flux applies all of a Kustomization or nothing. */
  leadsToOurs(kustomization: { namespace: string; name: string }): boolean;
  /** Objects of one kind, with file and Kustomization. */
  of(kind: string): OwnedObject[];
  /** The line of an object's file to which the needles lead, one after the other. */
  placeOf(object: OwnedObject, ...needles: Needle[]): Place;
}

/** What `find` has to say of each workspace. */
export const eachWorkspace =
  (find: (workspace: InspectedWorkspace, inspected: Inspected) => Fault[]) =>
  (inspected: Inspected): Fault[] =>
    inspected.workspaces.flatMap((workspace) => find(workspace, inspected));

export function inspect(whole: RenderedHome): Inspected {
  const tooLong = tooLongIn(whole.tree);
  const home = tooLong.length === 0 ? whole : { ...whole, tree: withEmpty(whole.tree, tooLong) };
  const objects = new Objects(home.rendered);
  const all = objectsOf(home.rendered);
  const of = (kind: string) => all.filter(({ object }) => object.kind === kind);
  const placeOf = (one: OwnedObject, ...needles: Needle[]) =>
    placeOfValue(
      home,
      one.owner,
      placeIn(home.tree, one.file, [new RegExp(`^kind: ${escapeRegExp(one.object.kind)}\\b`), ...needles]),
    );
  const workloads = workloadsIn(home.rendered);
  const workspaces = home.workspaces.flatMap((facts) => {
    const workload = workloads.find((one) => isOf(facts, one));
    const object = of(facts.workload.kind).find((one) => isSame(one.object, facts));
    const app = workload?.pod.containers.find(({ name }) => name === facts.container);
    if (!workload || !object || !app) return [];
    const inits = new Set(workload.pod.initContainers ?? []);
    const containers = containersOf(workload).map((container) => ({
      container,
      program: programOf(workload, container, objects),
      isInit: inits.has(container),
    }));
    const at = (...needles: Needle[]) => placeOf(object, ...needles);
    return [{ facts, workload, object, app, containers, at }];
  });
  const ours = new Set(aboutOpenCode(home).map(keyOf));
  const isOurs: Inspected["isOurs"] = (one) => one === undefined || ours.has(keyOf(one));
  const leading = leadingTo(home.rendered.kustomizations, ours);
  const leadsToOurs: Inspected["leadsToOurs"] = (one) => leading.has(keyOf(one));
  const isOfAnother = ofOthers(home);
  const concernsUs = (one: OwnedObject) => isOurs(one.owner) && !isOfAnother(one);
  return { home, tooLong, objects, all, workspaces, isOurs, concernsUs, leadsToOurs, of, placeOf };
}

/** What rules look through as text. Manifests they ask for fields and lines. */
const tooLongIn = (tree: Tree): string[] =>
  [...tree.files.keys()].filter((path) => /\.(md|sh)$/.test(path) && legible(tree.text(path)) === undefined);

function withEmpty(tree: Tree, paths: readonly string[]): Tree {
  const empty = paths.map((path): [string, TreeFile] => [path, { mode: "100644", content: Buffer.of() }]);
  return new Tree([...tree.files, ...empty]);
}

/** Where a line's whole value is a variable that the Kustomization itself gives: what is wrong stands there. */
export function placeOfValue({ tree }: RenderedHome, owner: RenderedKustomization, place: Place): Place {
  if (place.file === undefined || place.line === undefined) return place;
  const text = tree.text(place.file).split("\n")[place.line - 1] ?? "";
  const [, variable] = /:\s*\[?["']?\$\{(\w+)(?:[:=-][^"']*)?\}["']?\]?\s*$/.exec(text) ?? [];
  if (variable === undefined || owner.object.spec.postBuild?.substitute?.[variable] === undefined)
    return place;
  const written = tree
    .objects("Kustomization")
    .find(({ object }) => object.metadata?.name === owner.name && object.spec !== undefined);
  if (!written || !new RegExp(`\\b${variable}:`).test(tree.text(written.path))) return place;
  return placeIn(tree, written.path, [key("substitute"), key(variable)]);
}

/** Those of the keys, and whatever applies one of them, up to the entry. */
function leadingTo(kustomizations: readonly RenderedKustomization[], keys: ReadonlySet<string>): Set<string> {
  const leading = new Set(keys);
  // Each stands after the one that applies it.
  for (const one of [...kustomizations].reverse()) {
    if (one.appliedBy && leading.has(keyOf(one))) leading.add(keyOf(one.appliedBy));
  }
  return leading;
}

const keyOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace}/${name}`;

function isOf(facts: WorkspaceFacts, { kind, name, namespace }: Workload): boolean {
  return facts.workload.kind === kind && facts.workload.name === name && facts.namespace === namespace;
}

function isSame({ metadata }: KubeObject, { workload, namespace }: WorkspaceFacts): boolean {
  return metadata.name === workload.name && metadata.namespace === namespace;
}
