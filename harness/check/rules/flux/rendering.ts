import { closest } from "../../../base/index.ts";
import type { RenderedTree, RenderProblem } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { someNames } from "../../reading/some-names.ts";
import { rule } from "../../rule.ts";
import { placeOfProblem } from "./place-of-problem.ts";

type Kind = RenderProblem["kind"];

function problems(
  kind: Kind,
  remedy: (
    problem: RenderProblem,
    entry: string,
    given: readonly string[],
    settings: ReadonlySet<string>,
  ) => string,
) {
  return ({ home, isOurs }: Inspected): Fault[] => {
    const entry = home.rendered.kustomizations[0]?.namespace ?? "";
    const settings = settingsIn(home.rendered, entry);
    return home.rendered.problems
      .filter((problem) => problem.kind === kind)
      .map((problem) => ({
        message: oneLine(problem.message),
        remedy: remedy(problem, entry, variablesFor(home.rendered, problem), settings),
        ...placeOfProblem(home.tree, home.rendered, problem),
        ...(isOurs(problem.kustomization) ? {} : { severity: "warning" as const }),
      }));
  };
}

/** Keys of the ConfigMaps and Secrets that a Kustomization in this namespace could substitute from. */
function settingsIn({ kustomizations }: RenderedTree, namespace: string): Set<string> {
  const there = kustomizations
    .flatMap(({ objects }) => objects.map(({ object }) => object))
    .filter((one) => /^(ConfigMap|Secret)$/.test(one.kind) && one.metadata.namespace === namespace);
  return new Set(there.flatMap(keysOf));
}

function keysOf(object: object): string[] {
  const { data, stringData } = object as { data?: object; stringData?: object };
  return Object.keys({ ...data, ...stringData });
}

/** Names of the variables that Flux has for a Kustomization. */
function variablesFor({ kustomizations }: RenderedTree, { kustomization }: RenderProblem): string[] {
  const { substitute = {}, substituteFrom = [] } =
    kustomizations.find(
      ({ name, namespace }) => name === kustomization?.name && namespace === kustomization.namespace,
    )?.object.spec.postBuild ?? {};
  const sources = kustomizations
    .flatMap(({ objects }) => objects.map(({ object }) => object))
    .filter(({ kind, metadata }) =>
      substituteFrom.some((one) => one.kind === kind && one.name === metadata.name),
    );
  return [...Object.keys(substitute), ...sources.flatMap(keysOf)];
}

function meant(variable = "", given: readonly string[] = []): string {
  const guess = closest(variable, given);
  return guess === undefined ? "" : `; did you mean ${guess}?`;
}

/** The tools begin with what failed; what follows is a trace. */
const oneLine = (message: string) =>
  (/may not add resource with an already registered id:[^\n]*/.exec(message)?.[0] ?? message)
    .replace(/^may not add/, "kustomize build failed: may not add")
    .replace(/\s*Use --debug flag to render out invalid YAML\s*/, "")
    .replaceAll(/\s*\n\s*/g, " ")
    .slice(0, 600);

/** What is substituted from and is not there, with what the home's other Kustomizations substitute from. */
function missing(inspected: Inspected): Fault[] {
  const usual = sourcesOfOthers(inspected);
  const isSource = ({ message }: Fault) => /^substitute from /.test(message);
  const found = problems("missing", () => "name what the home has, or add it: Flux waits for it for ever");
  return found(inspected).map((fault) =>
    usual.length > 0 && isSource(fault)
      ? {
          ...fault,
          remedy: `name what the home has (its other Kustomizations substitute from ${someNames(usual)}), or add it: Flux waits for it for ever`,
        }
      : fault,
  );
}

function sourcesOfOthers({ home, isOurs }: Inspected): string[] {
  const others = home.rendered.kustomizations.filter((one) => !isOurs(one) && one.problem === undefined);
  return others.flatMap(({ namespace, object }) =>
    (object.spec.postBuild?.substituteFrom ?? []).map(({ kind, name }) => `${kind} ${namespace}/${name}`),
  );
}

/** What Flux or Helm would refuse, or apply otherwise than it is meant. */
export const renderingRules = [
  rule({
    id: "kustomize-fails",
    title: "kustomize builds every Kustomization that makes a workspace",
    isBlocker: true,
    find: problems("kustomize", ({ message }) =>
      /may not add resource with an already registered id/.test(message)
        ? "two files, or one that is listed twice, give the same object: take one away, or give it its own name"
        : "mend what kustomize names: nothing of this Kustomization is applied until then",
    ),
  }),
  rule({
    id: "helm-fails",
    title: "Helm renders the values of every workspace",
    pitfalls: [12],
    isBlocker: true,
    find: problems("helm", ({ message }) => {
      if (/values reference .*: resource not found/.test(message))
        return "name what Flux applies in the release's namespace; the name of what a generator makes ends in a hash, unless generatorOptions.disableNameSuffixHash is true";
      if (/values reference .*: key not found/.test(message))
        return "give in valuesKey a key that it has: without one Helm asks for values.yaml";
      return "write the values as app-template 4.x has them: the chart refuses all others";
    }),
  }),
  rule({
    id: "resource-set-fails",
    title: "flux-operator can build every ResourceSet",
    isBlocker: true,
    find: problems("operator", () => "mend what it names: nothing of this ResourceSet is applied until then"),
  }),
  rule({
    id: "substitution-fails",
    title: "Flux can substitute every variable",
    isBlocker: true,
    find: problems("substitution", ({ message }) =>
      /YAMLToJSON/.test(message)
        ? `give the variable's value quotes of its own ("'…'"): Flux puts it into the file as it is`
        : "write $${…} where a script is meant, or a form that Flux knows",
    ),
  }),
  rule({
    id: "variable-blanked",
    title: "no variable of a script is taken away by Flux's substitution",
    find: problems("blanked", ({ variable, kustomization, file }, entry, given, settings) =>
      kustomization !== undefined && kustomization.namespace !== entry && settings.has(variable ?? "")
        ? `Flux reads settings from the namespace of the Kustomization, ${kustomization.namespace}: let ks.yaml be in ${entry}, where they are`
        : `write $${variable} or $$\{${variable}} where a shell is to read it, or give it a value in postBuild${file === undefined ? "; a generated ConfigMap can be left alone (generatorOptions.annotations: kustomize.toolkit.fluxcd.io/substitute: disabled)" : ""}${meant(variable, given)}`,
    ),
  }),
  rule({
    id: "object-missing",
    title: "what Kustomizations and HelmReleases are made from is in the home",
    isBlocker: true,
    find: missing,
  }),
  rule({
    id: "field-ignored",
    title: "Flux leaves out no field",
    severity: "warning",
    find: problems("ignored", () => "spell the field as kustomize does, or remove it"),
  }),
  rule({
    id: "not-in-tree",
    title: "everything that is applied is in the tree",
    severity: "warning",
    find: problems("remote", () => "nothing to mend: what stands there is not checked"),
  }),
];
