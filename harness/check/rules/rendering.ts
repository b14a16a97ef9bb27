import { parseAllDocuments } from "yaml";
import { closest, escapeRegExp } from "../../base/index.ts";
import type { Tree } from "../../gitops/index.ts";
import type { RenderedTree, RenderProblem } from "../../rendering/index.ts";
import type { Fault } from "../finding.ts";
import type { Inspected } from "../inspected.ts";
import { key, type Place, placeIn } from "../place.ts";
import { rule } from "../rule.ts";
import { someNames } from "../some-names.ts";

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
        ...placeOf(home.tree, home.rendered, problem),
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

/** Its own line, else the first that has a word which the tool names, else where the release names its chart. */
function placeOf(tree: Tree, rendered: RenderedTree, problem: RenderProblem): Place {
  const { file, line, message } = problem;
  const own = rendered.kustomizations.find(
    ({ name, namespace }) =>
      name === problem.kustomization?.name && namespace === problem.kustomization.namespace,
  );
  if (file !== undefined && /^kustomization path not found/.test(message))
    return placeIn(tree, file, [`name: ${own?.name}`, key("path")]);
  if (file === undefined && problem.variable !== undefined && own) {
    const named = `\${${problem.variable}`;
    const source = [...tree.files.keys()].find(
      (path) => path.startsWith(`${own.path}/`) && tree.text(path).includes(named),
    );
    return placeIn(tree, source, [named]);
  }
  const field = /YAMLToJSON:[\s\S]*column \d+:\s*(\w+):/.exec(message)?.[1];
  if (field && file !== undefined && tree.files.has(file)) return placeIn(tree, file, [key(field)]);
  const twice = file === undefined || line !== undefined ? undefined : placeOfTwice(tree, own?.path, message);
  if (twice) return twice;
  if (file === undefined || line !== undefined || !tree.files.has(file)) {
    const there = { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
    return file !== undefined && tree.files.has(file) ? there : (placeInList(tree, message) ?? there);
  }
  const component = /accumulating components[\s\S]*?'([^']+)'/.exec(message)?.[1]?.split("/").at(-1);
  const flux = tree.objects("Kustomization").find(({ object }) => object.metadata?.name === own?.name);
  if (component && flux && !tree.text(file).includes(component))
    return placeIn(tree, flux.path, [key("components"), component]);
  const [, path = ""] = /\.yaml:\d+:\d+\): ([\w.-]+):/.exec(message) ?? [];
  if (path.includes(".")) {
    // A value that comes by valuesFrom stands nowhere else.
    const [target] = new RegExp(`targetPath: *["']?${escapeRegExp(path)}\\b.*`).exec(tree.text(file)) ?? [];
    if (target !== undefined) return placeIn(tree, file, [target]);
    const value = /"([^"]+)"/.exec(message.slice(message.indexOf(path)))?.[1];
    const last = /(?:no (?:controller|service) |names? something)/.test(message) && value ? [value] : [];
    return placeIn(tree, file, [key("values"), ...path.split(".").map(key), ...last]);
  }
  const [, pointer, property] =
    /at '(\/[^']*)'(?::[^\n]*additional propert\w+ '([^']+)')?/.exec(schemaTrouble(message)) ?? [];
  if (pointer) {
    const keys = [...pointer.slice(1).split("/"), ...(property ? [property] : [])];
    return placeIn(tree, file, [key("values"), ...keys.map(key)]);
  }
  const [, patched] = /strategic merge patch "(\w+)\./.exec(message) ?? [];
  if (patched) return placeIn(tree, file, [key("patches"), `kind: ${patched}`]);
  const text = tree.text(file);
  const quoted = [...message.matchAll(/['"`]([^'"`\s]+)['"`]|([\w.-]+\.(?:ya?ml|sh|json))\b/g)];
  const words = quoted.map(([, word, path]) => (word ?? path ?? "").split("/").at(-1) ?? "");
  const named = words.find((word) => word.length > 2 && text.includes(word));
  return placeIn(tree, file, [named ?? /^\s*(chartRef|chart|resources):/]);
}

/** A key that a file of the Kustomization has twice: kustomize says neither the file nor a line of it. */
function placeOfTwice(tree: Tree, directory: string | undefined, message: string): Place | undefined {
  if (directory === undefined || !/mapping key "[^"]+" already defined/.test(message)) return undefined;
  const files = [...tree.files.keys()].filter(
    (path) => path.startsWith(`${directory}/`) && /\.ya?ml$/.test(path),
  );
  const found = files.flatMap((file) => {
    const errors = parseAllDocuments(tree.text(file)).flatMap((one) => ("errors" in one ? one.errors : []));
    const twice = errors.find(({ code }) => code === "DUPLICATE_KEY");
    const line = twice?.linePos?.[0].line;
    return line === undefined ? [] : [{ file, line }];
  });
  return found[0];
}

/** The kustomization.yaml of the directory at which kustomize stopped. */
function placeInList(tree: Tree, message: string): Place | undefined {
  const paths = [...message.matchAll(/accumulation of path '([^']+)'/g)].map(([, path = ""]) => path);
  const file = paths.map((path) => `${path}/kustomization.yaml`).findLast((path) => tree.files.has(path));
  const named = [...message.matchAll(/resources from '([^']+)'/g)].at(-1)?.[1];
  return file === undefined ? undefined : placeIn(tree, file, [key("resources"), named ?? key("resources")]);
}

/**
 * Of all that a schema says of a value, the line about the properties that it does not know: the shortest, for of several
 * shapes that a value can have, the one that it fits best refuses the fewest.
 */
function schemaTrouble(message: string): string {
  const [shortest = message] = message
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.includes("additional propert"))
    .sort((one, other) => one.length - other.length);
  return shortest;
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
