import { posix } from "node:path";
import type { V1Container } from "@kubernetes/client-node";
import { legible } from "../../base/index.ts";
import { contentOf } from "../variables.ts";
import { plainEnvironment } from "./environment.ts";
import type { Objects } from "./objects.ts";
import { ofRoot } from "./official-images.ts";
import { assignmentsIn, expanded, shellScript, withBasenames } from "./shell.ts";
import type { Workload } from "./workload.ts";

/** What a container is told to run. */
export interface Program {
  /** `command` and `args`; a script among them is one word. */
  words: string[];
  /** Words and the scripts of mounted ConfigMaps that they name, comments left out, continued lines joined, known variables put in. */
  text: string;
  /** Variables of the container, with what its scripts set. */
  variables: Record<string, string>;
  /** Whether that is more than can be looked through; the text is empty then. */
  isTooLong: boolean;
}

export function programOf(workload: Workload, container: V1Container, objects: Objects): Program {
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  const files = mountedFiles(workload, container, objects);
  const texts = [words.join(" "), ...scriptsNamedIn(words.join(" "), files)];
  const parameters = parametersOf(words, files);
  const environment = {
    ...homeOfRoot(workload, container),
    ...plainEnvironment(container, workload.namespace, objects),
  };
  const variables = { ...environment, ...parameters };
  const written = legible(
    texts.join("\n").replaceAll("\\\n", " ").replaceAll('"$@"', Object.values(parameters).join(" ")),
  );
  const script = withBasenames(shellScript(written ?? ""), variables);
  const all = { ...variables, ...assignmentsIn(script, variables) };
  const text = written === undefined ? undefined : legible(expanded(script, all));
  return { words, text: text ?? "", variables: all, isTooLong: text === undefined };
}

/** Where nobody says it, the container runtime takes a user's from the image's /etc/passwd. */
function homeOfRoot({ pod }: Workload, { image = "", securityContext }: V1Container): Record<string, string> {
  const uid = securityContext?.runAsUser ?? pod.securityContext?.runAsUser ?? 0;
  return uid === 0 && ofRoot.test(image) ? { HOME: "/root" } : {};
}

/** What a script is called with: `$1` and so on, after `-c script name`, or after the script's path. */
function parametersOf(words: string[], files: [string, string][]): Record<string, string> {
  const paths = new Set(files.map(([path]) => path));
  const afterC = words.indexOf("-c") + 3;
  const afterPath = words.findIndex((word) => paths.has(word)) + 1;
  const start = afterC > 2 ? afterC : afterPath || 1;
  return Object.fromEntries(words.slice(start).map((word, index) => [String(index + 1), word]));
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

/** What a script may copy or read, and no shell runs. */
const noScript = /\.(?:json[c5]?|ya?ml|toml|xml|html?|css|md|pem|crt|key|pub)$/i;

/** Those that the text names, and those that they name in turn. */
function scriptsNamedIn(text: string, files: [string, string][]): string[] {
  const named = files.filter(([path]) => text.includes(path) && !noScript.test(path));
  const others = files.filter(([path]) => !text.includes(path));
  if (named.length === 0) return [];
  const scripts = named.map(([, script]) => script);
  return [...scripts, ...scriptsNamedIn(scripts.join("\n"), others)];
}
