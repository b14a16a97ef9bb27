import { posix } from "node:path";
import type { V1Container } from "@kubernetes/client-node";
import { contentOf } from "../variables.ts";
import { plainEnvironment } from "./environment.ts";
import type { Objects } from "./objects.ts";
import type { Workload } from "./workload.ts";

/** What a container is told to run. */
export interface Program {
  /** `command` and `args`; a script among them is one word. */
  words: string[];
  /** Words and the scripts of mounted ConfigMaps that they name, comments left out, continued lines joined, known variables put in. */
  text: string;
  /** Variables of the container, with what its scripts set. */
  variables: Record<string, string>;
}

export function programOf(workload: Workload, container: V1Container, objects: Objects): Program {
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  const texts = [
    words.join(" "),
    ...scriptsNamedIn(words.join(" "), mountedFiles(workload, container, objects)),
  ];
  const bare = withoutComments(texts.join("\n").replaceAll('"$@"', words.slice(1).join(" ")));
  const environment = plainEnvironment(container, workload.namespace, objects);
  const variables = { ...environment, ...assignmentsIn(bare, environment) };
  return { words, text: expanded(bare, variables), variables };
}

/** The files that ConfigMaps give a container: path and text. */
function mountedFiles(
  { pod, namespace }: Workload,
  container: V1Container,
  objects: Objects,
): [string, string][] {
  return (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath }) => {
    const volume = pod.volumes?.find((candidate) => candidate.name === name);
    const sources = [
      volume?.configMap,
      ...(volume?.projected?.sources ?? []).map(({ configMap }) => configMap),
    ];
    return sources.flatMap((source) => {
      const object = source?.name ? objects.find("ConfigMap", { namespace, name: source.name }) : undefined;
      const content = (object && contentOf(object)) ?? {};
      const paths =
        source?.items?.map(({ key, path }) => [key, path]) ?? Object.keys(content).map((key) => [key, key]);
      return paths.flatMap(([key = "", path = ""]): [string, string][] => {
        const text = content[key];
        if (text === undefined || (subPath && subPath !== path)) return [];
        return [[subPath ? mountPath : posix.join(mountPath, path), text]];
      });
    });
  });
}

/** Those that the text names, and those that they name in turn. */
function scriptsNamedIn(text: string, files: [string, string][]): string[] {
  const named = files.filter(([path]) => text.includes(path));
  const others = files.filter(([path]) => !text.includes(path));
  if (named.length === 0) return [];
  const scripts = named.map(([, script]) => script);
  return [...scripts, ...scriptsNamedIn(scripts.join("\n"), others)];
}

function withoutComments(script: string): string {
  const lines = script.replaceAll("\\\n", " ").split("\n");
  return lines.map((line) => line.replace(/(?:^|\s)#.*$/, "")).join("\n");
}

/** `NAME=value` with a value that is plain or made of known variables. */
function assignmentsIn(script: string, known: Record<string, string>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = "", quoted, bare] of script.matchAll(
    /(?:^|[\s;(])([A-Za-z_]\w*)=(?:"([^"`(]*)"|'?([^\s"'`();&|<>]*)'?)/gm,
  )) {
    found[name] = expanded(quoted ?? bare ?? "", { ...known, ...found });
  }
  return found;
}

function expanded(text: string, variables: Record<string, string>): string {
  return text.replace(
    /\$(?:\{([A-Za-z_]\w*)(?::?[-=][^}]*)?\}|([A-Za-z_]\w*))/g,
    (whole, braced?: string, bare?: string) => variables[braced ?? bare ?? ""] ?? whole,
  );
}
