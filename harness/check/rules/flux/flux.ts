import { type OwnedObject, sourceOf } from "../../../home/index.ts";
import { isFluxKustomization } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface FluxSpec {
  suspend?: boolean;
  sourceRef?: { kind?: string; name?: string; namespace?: string };
  dependsOn?: { name: string; namespace?: string }[];
  healthChecks?: { apiVersion?: string; kind?: string; name?: string; namespace?: string }[];
}

const nameOf = ({ object: { metadata } }: OwnedObject) => `${metadata.namespace}/${metadata.name}`;

/** The Flux Kustomizations that have to do with OpenCode. */
function ours({ of, isOurs }: Inspected): OwnedObject[] {
  return of("Kustomization").filter(
    ({ object }) =>
      isFluxKustomization(object) &&
      isOurs({ namespace: object.metadata.namespace ?? "", name: object.metadata.name }),
  );
}

function suspended(inspected: Inspected): Fault[] {
  const made = ["HelmRelease", "OCIRepository", "HelmRepository"].flatMap(inspected.of);
  return [...ours(inspected), ...made.filter(inspected.concernsUs)]
    .filter((one) => specOf<FluxSpec>(one).suspend === true)
    .map((one) => ({
      message: `${titleOf(one)} is suspended: nothing that Git says of it reaches the cluster`,
      remedy: "take suspend away; to stop Flux for an hour there is `flux suspend`",
      ...inspected.placeOf(one, key("suspend")),
    }));
}

/**
 * The sources that the rest of the home uses: its own, and those of Kustomizations that have nothing to do with OpenCode.
 * They may be in no file: flux-operator makes one, or somebody applied it by hand.
 */
function usualSources({ home: { rendered }, isOurs }: Inspected): Set<string> {
  const { namespace, name } = sourceOf(rendered);
  const others = rendered.kustomizations.filter((one) => one.appliedBy === undefined || !isOurs(one));
  const entry = rendered.kustomizations.find((one) => one.appliedBy === undefined);
  const { sourceRef: first } = (entry?.object.spec ?? {}) as FluxSpec;
  return new Set([
    `${first?.kind ?? "GitRepository"} ${namespace}/${name}`,
    ...others.flatMap(({ object, namespace: own }) => {
      const { sourceRef } = object.spec as FluxSpec;
      return sourceRef?.name ? [`${sourceRef.kind} ${sourceRef.namespace ?? own}/${sourceRef.name}`] : [];
    }),
  ]);
}

function missingSources(inspected: Inspected): Fault[] {
  const usual = usualSources(inspected);
  return ours(inspected).flatMap((one) => {
    const {
      kind = "",
      name = "",
      namespace = one.object.metadata.namespace,
    } = specOf<FluxSpec>(one).sourceRef ?? {};
    const sources = inspected.of(kind);
    const isThere = sources.some((source) => nameOf(source) === `${namespace}/${name}`);
    if (name === "" || isThere || usual.has(`${kind} ${namespace}/${name}`)) return [];
    const others = [
      ...sources.map(nameOf).filter((other) => other.startsWith("flux-system/")),
      ...[...usual].filter((other) => other.endsWith(` ${namespace}/${name}`)),
    ];
    // Of a source that is in no file, what the other Kustomizations say of it.
    const named = others.length > 0 ? others : [...usual];
    return {
      message: `Kustomization ${one.object.metadata.name} takes its files from ${kind} ${namespace}/${name}, which the home does not have`,
      remedy: `name the one that the home has: ${named.join(", ")}`,
      ...inspected.placeOf(one, key("sourceRef"), key("name")),
    };
  });
}

/** Health checks of objects that nobody applies: the Kustomization is never Ready, and what depends on it waits. */
function vainHealthChecks(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) =>
    (specOf<FluxSpec>(one).healthChecks ?? []).flatMap(({ apiVersion, kind = "", name = "", namespace }) => {
      const where = namespace ?? one.object.metadata.namespace;
      const named = inspected.of(kind).filter(({ object }) => object.metadata.name === name);
      const found = named.filter(
        ({ object: { metadata } }) => metadata.namespace === undefined || metadata.namespace === where,
      );
      const served = found.some(({ object }) => apiVersion === undefined || object.apiVersion === apiVersion);
      if (served || isUnseen(inspected, one)) return [];
      const [other] = found.length > 0 ? found : named;
      return {
        message: `Kustomization ${one.object.metadata.name} waits for ${apiVersion} ${kind} ${where}/${name}, which nobody applies: it is never Ready`,
        remedy: other
          ? `there is ${other.object.apiVersion} ${kind} ${nameOf(other)}`
          : "name an object that this Kustomization applies, or write wait: true in place of healthChecks",
        ...inspected.placeOf(one, key("healthChecks"), key("kind"), name),
      };
    }),
  );
}

/** What cannot be built, or is suspended, has a finding of its own. */
function isUnseen({ home }: Inspected, { object: { metadata } }: OwnedObject): boolean {
  return home.rendered.kustomizations.some(
    ({ name, namespace, problem }) =>
      name === metadata.name && namespace === metadata.namespace && problem !== undefined,
  );
}

/** Kustomizations that wait for themselves, or for each other. */
function circles(inspected: Inspected): Fault[] {
  const all = inspected.of("Kustomization").filter(({ object }) => isFluxKustomization(object));
  const waits = new Map(
    all.map((one) => [
      nameOf(one),
      (specOf<FluxSpec>(one).dependsOn ?? []).map(
        ({ name, namespace = one.object.metadata.namespace }) => `${namespace}/${name}`,
      ),
    ]),
  );
  const leads = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (seen.has(from)) return false;
    seen.add(from);
    return (waits.get(from) ?? []).some((next) => next === to || leads(next, to, seen));
  };
  return ours(inspected).flatMap((one) =>
    (specOf<FluxSpec>(one).dependsOn ?? []).flatMap(({ name, namespace = one.object.metadata.namespace }) => {
      const own = nameOf(one);
      const other = `${namespace}/${name}`;
      if (other !== own && !leads(other, own)) return [];
      return {
        message:
          other === own
            ? `Kustomization ${one.object.metadata.name} depends on itself, and is never applied`
            : `Kustomization ${one.object.metadata.name} and ${name} wait for each other, and neither is ever applied`,
        remedy: "take one of the dependencies away",
        ...inspected.placeOf(one, key("dependsOn"), name),
      };
    }),
  );
}

/** One object of two Kustomizations: each takes it from the other, and prunes it. */
function appliedTwice(inspected: Inspected): Fault[] {
  const own = inspected.all.filter(({ by, object }) => !by.release && object.metadata.name);
  const groups = Map.groupBy(own, (one) => `${one.object.kind} ${nameOf(one)}`);
  const twice = [...groups.entries()].flatMap(([what, found]) => {
    const owners = [...new Set(found.map(({ owner }) => owner))];
    const [first, second] = owners.length > 1 && owners.some(inspected.isOurs) ? owners : [];
    return first && second ? [{ what, owners: [first, second] as const }] : [];
  });
  const pairs = Map.groupBy(twice, ({ owners }) => owners.map(({ name }) => name).join(" and "));
  return [...pairs.entries()].flatMap(([names, [one]]) => {
    const [first, second] = one?.owners ?? [];
    const flux = ours(inspected).find(({ object }) => object.metadata.name === second?.name);
    if (!one || !flux) return [];
    const needles = first?.path === second?.path ? [key("path")] : [key("postBuild"), key("substitute")];
    return {
      message: `Kustomizations ${names} both apply ${one.what}: each takes it from the other`,
      remedy: "give the second its own path, or its own name (APP) in postBuild.substitute",
      ...inspected.placeOf(flux, ...needles),
    };
  });
}

/** What a workspace's ExternalSecrets ask must be there first, and what makes its volume. */
function waitsForNobody(inspected: Inspected): Fault[] {
  const makers = new Set(
    inspected.workspaces
      .filter(({ facts }) => facts.externalSecrets.length > 0 && facts.dependsOn.length === 0)
      .map(({ facts }) => facts.kustomization.name),
  );
  return ours(inspected)
    .filter(({ object }) => makers.has(object.metadata.name))
    .map((one) => ({
      message: `Kustomization ${one.object.metadata.name} waits for nobody: on a new cluster its ExternalSecrets and claims are refused until store and storage are there`,
      remedy: "write in spec.dependsOn the Kustomizations that make the store and the storage",
      ...inspected.placeOf(one, key("spec")),
    }));
}

/** What Flux would do with the Kustomizations, beside what they are made of. */
export const fluxRules = [
  rule({ id: "suspended", title: "nothing is suspended in Git", isBlocker: true, find: suspended }),
  rule({
    id: "source-missing",
    title: "Kustomizations take their files from a source of the home",
    isBlocker: true,
    find: missingSources,
  }),
  rule({
    id: "health-check-vain",
    title: "health checks are of what is applied",
    isBlocker: true,
    find: vainHealthChecks,
  }),
  rule({
    id: "dependency-circle",
    title: "no two Kustomizations wait for each other",
    pitfalls: [5],
    isBlocker: true,
    find: circles,
  }),
  rule({ id: "applied-twice", title: "each object is of one Kustomization", find: appliedTwice }),
  rule({
    id: "waits-for-nobody",
    title: "workspaces wait for store and storage",
    pitfalls: [5],
    severity: "warning",
    find: waitsForNobody,
  }),
];
