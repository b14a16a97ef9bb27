import { parseAllDocuments } from "yaml";
import { escapeRegExp } from "../../../base/index.ts";
import type { Tree } from "../../../gitops/index.ts";
import type { RenderedTree, RenderProblem } from "../../../rendering/index.ts";
import { key, type Place, placeIn } from "../../reading/place.ts";

/** Its own line, else the first that has a word which the tool names, else where the release names its chart. */
export function placeOfProblem(tree: Tree, rendered: RenderedTree, problem: RenderProblem): Place {
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
