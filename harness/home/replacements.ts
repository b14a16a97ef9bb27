import { escapeRegExp } from "../base/index.ts";
import { isFluxKustomization, type KubeObject, type RenderedKustomization } from "../rendering/index.ts";
import { isSource } from "./objects.ts";

/** A patch of a Flux Kustomization (spec.patches). */
export interface FluxPatch {
  patch: string;
  target: { group?: string; kind: string; name?: string; namespace?: string };
}

/** What stands in for a part of the home, told in the ledger. */
export interface Replacement {
  /** For instance `HelmRelease of Kustomization rook-ceph-cluster`. */
  what: string;
  how: "stand-in" | "adapted" | "left out";
}

/** How objects of a kind are made fit for this machine; the platform gives them. */
export interface Adaptation {
  kind: string;
  group: string;
  /** For each object of the kind: JSON 6902 operations, or an object to merge into it. */
  patch: object[] | object;
  how: "stand-in" | "adapted";
  /** Only where an object is like this. */
  where?: (spec: Record<string, unknown>) => boolean;
}

export interface ReplacementRules {
  /** API groups whose kinds are applied as they stand. */
  served: ReadonlySet<string>;
  /** Kinds that only what is replaced would read. */
  idle: ReadonlySet<string>;
  adaptations: readonly Adaptation[];
  /** Gateways that nobody of the workspaces uses, as `namespace/name`, are left out. */
  gateways: readonly string[];
  /** Sources that releases of the workspaces are made from, as `Kind namespace/name`; the others are left out. */
  sources: ReadonlySet<string>;
}

/** The patches that let Flux apply a part of the home here, and what they replace. */
export function replacementsIn(
  { objects, name }: RenderedKustomization,
  rules: ReplacementRules,
): { patches: FluxPatch[]; replaced: Replacement[] } {
  const own = objects.filter(
    ({ object, by }) =>
      !by.release && !by.resourceSet && !by.clusterExternalSecret && !isFluxKustomization(object),
  );
  const byKind = Map.groupBy(
    own.filter(({ object }) => !isOfFlux(object)),
    ({ object }) => `${groupOf(object.apiVersion)} ${object.kind}`,
  );
  const patches: FluxPatch[] = [];
  const replaced: Replacement[] = [];
  const ofFlux = own.filter(({ object }) => isOfFlux(object)).map(({ object }) => object);
  for (const same of Map.groupBy(ofFlux, ({ kind }) => kind).values()) patches.push(...deletionOf(same));
  if (ofFlux.length > 0)
    replaced.push({ what: `Flux's own controllers of Kustomization ${name}`, how: "left out" });
  for (const found of byKind.values()) {
    const [{ object: first }] = found as [(typeof found)[number]];
    const { kind } = first;
    const group = groupOf(first.apiVersion);
    const say = (how: Replacement["how"], which = kind) =>
      replaced.push({ what: `${which} of Kustomization ${name}`, how });
    const adaptation = rules.adaptations.find((one) => one.kind === kind && one.group === group);
    const isMeant = found.some(({ object }) => adaptation?.where?.(specOf(object)) ?? true);
    if (adaptation && isMeant) {
      patches.push(patchOf(adaptation.patch, { group, kind }));
      say(adaptation.how);
    } else if (isSource(first.apiVersion)) {
      patches.push(
        ...deletionOf(
          found.filter(({ object }) => !rules.sources.has(fullName(object))).map(({ object }) => object),
        ),
      );
    } else if (kind === "Gateway") {
      const spare = found.filter(
        ({ object }) => !rules.gateways.includes(`${object.metadata.namespace}/${object.metadata.name}`),
      );
      patches.push(...deletionOf(spare.map(({ object }) => object)));
      for (const { object } of spare) say("left out", `Gateway ${object.metadata.name}`);
    } else if (!rules.served.has(group) || rules.idle.has(kind)) {
      patches.push(deletionOfKind(group, kind));
      say("left out");
    }
  }
  return { patches, replaced };
}

/** What `flux bootstrap` commits of Flux itself, which runs here already. */
const isOfFlux = ({ metadata }: KubeObject): boolean =>
  metadata.labels?.["app.kubernetes.io/part-of"] === "flux";

interface Named {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

const groupOf = (apiVersion: string) => (apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "");
const specOf = (object: KubeObject) => (object.spec ?? {}) as Record<string, unknown>;
const fullName = ({ kind, metadata }: Named) => `${kind} ${metadata.namespace}/${metadata.name}`;

export function patchOf(patch: object, target: FluxPatch["target"]): FluxPatch {
  return { patch: JSON.stringify(patch), target: withoutEmpty(target) };
}

/** Takes away these objects of one kind. */
function deletionOf(objects: readonly Named[]): FluxPatch[] {
  const [first] = objects;
  if (!first) return [];
  const { apiVersion, kind } = first;
  // Kustomize takes the name of a target for a regular expression.
  const name = `^(${objects.map(({ metadata }) => escapeRegExp(metadata.name)).join("|")})$`;
  return [
    { ...deletion(apiVersion, kind), target: withoutEmpty({ group: groupOf(apiVersion), kind, name }) },
  ];
}

function deletion(apiVersion: string, kind: string): { patch: string } {
  return { patch: JSON.stringify({ $patch: "delete", apiVersion, kind, metadata: { name: "any" } }) };
}

function deletionOfKind(group: string, kind: string): FluxPatch {
  return { ...deletion(group === "" ? "v1" : `${group}/v1`, kind), target: withoutEmpty({ group, kind }) };
}

function withoutEmpty({ group, ...rest }: FluxPatch["target"]): FluxPatch["target"] {
  return group ? { group, ...rest } : rest;
}
