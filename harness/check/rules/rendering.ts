import type { Tree } from "../../gitops/index.ts";
import type { RenderProblem } from "../../rendering/index.ts";
import type { Fault } from "../finding.ts";
import type { Inspected } from "../inspected.ts";
import { key, type Place, placeIn } from "../place.ts";
import { rule } from "../rule.ts";

type Kind = RenderProblem["kind"];

function problems(kind: Kind, remedy: (problem: RenderProblem, entry: string) => string) {
  return ({ home, isOurs }: Inspected): Fault[] =>
    home.rendered.problems
      .filter((problem) => problem.kind === kind)
      .map((problem) => ({
        message: oneLine(problem.message),
        remedy: remedy(problem, home.rendered.kustomizations[0]?.namespace ?? ""),
        ...placeOf(home.tree, problem),
        ...(isOurs(problem.kustomization) ? {} : { severity: "warning" as const }),
      }));
}

/** Its own line, else the first that has a word which the tool names, else where the release names its chart. */
function placeOf(tree: Tree, { file, line, message }: RenderProblem): Place {
  if (file === undefined || line !== undefined || !tree.files.has(file)) {
    return { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
  }
  const [, pointer, property] =
    /at '(\/[^']*)'(?::[^\n]*additional propert\w+ '([^']+)')?/.exec(schemaTrouble(message)) ?? [];
  if (pointer) {
    const keys = [...pointer.slice(1).split("/"), ...(property ? [property] : [])];
    return placeIn(tree, file, [key("values"), ...keys.map(key)]);
  }
  const text = tree.text(file);
  const quoted = [...message.matchAll(/['"`]([^'"`\s]+)['"`]|([\w.-]+\.(?:ya?ml|sh|json))\b/g)];
  const words = quoted.map(([, word, path]) => (word ?? path ?? "").split("/").at(-1) ?? "");
  const named = words.find((word) => word.length > 2 && text.includes(word));
  return placeIn(tree, file, [named ?? /^\s*(chartRef|chart|resources):/]);
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
const oneLine = (message: string) => message.replaceAll(/\s*\n\s*/g, " ").slice(0, 600);

/** What Flux or Helm would refuse, or apply otherwise than it is meant. */
export const renderingRules = [
  rule({
    id: "kustomize-fails",
    title: "kustomize builds every Kustomization that makes a workspace",
    isBlocker: true,
    find: problems(
      "kustomize",
      () => "mend what kustomize names: nothing of this Kustomization is applied until then",
    ),
  }),
  rule({
    id: "helm-fails",
    title: "Helm renders the values of every workspace",
    pitfalls: [12],
    isBlocker: true,
    find: problems(
      "helm",
      () => "write the values as app-template 4.x has them: the chart refuses all others",
    ),
  }),
  rule({
    id: "substitution-fails",
    title: "Flux can substitute every variable",
    isBlocker: true,
    find: problems("substitution", () => "write $${…} where a script is meant, or a form that Flux knows"),
  }),
  rule({
    id: "variable-blanked",
    title: "no variable of a script is taken away by Flux's substitution",
    find: problems("blanked", ({ variable, kustomization }, entry) =>
      kustomization !== undefined && kustomization.namespace !== entry
        ? `Flux reads settings from the namespace of the Kustomization, ${kustomization.namespace}: let ks.yaml be in ${entry}, where they are`
        : `write $${variable} or $$\{${variable}} where a shell is to read it, or give it a value in postBuild`,
    ),
  }),
  rule({
    id: "object-missing",
    title: "what Kustomizations and HelmReleases are made from is in the home",
    isBlocker: true,
    find: problems("missing", () => "name what the home has, or add it: Flux waits for it for ever"),
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
