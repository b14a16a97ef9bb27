import { posix } from "node:path";
import { readableSecrets } from "../../rendering/index.ts";
import type { Fault } from "../finding.ts";
import { clonings } from "./clone-commands.ts";
import type { Inspected, InspectedWorkspace } from "./inspected.ts";
import { key, type Needle, type Place, placeIn } from "./place.ts";

/** What a container of a workspace is told to do. */
export interface Script {
  workspace: InspectedWorkspace;
  container: InspectedWorkspace["containers"][number]["container"];
  text: string;
  /** The first line of the file that the container runs by its name; "" where it runs none, or none that is known. */
  shebang: string;
  variables: Record<string, string>;
  /** Whether a Secret is in its environment or among its files. */
  hasSecret: boolean;
  isClone: boolean;
  at(...needles: Needle[]): { file?: string; line?: number };
}

export function scriptsIn(inspected: Inspected): Script[] {
  return inspected.workspaces.flatMap((workspace) =>
    workspace.containers.map(({ container, program }) => ({
      workspace,
      container,
      text: program.text,
      shebang: shebangOf(inspected, workspace, container),
      variables: program.variables,
      hasSecret: readableSecrets(workspace.workload, container).length > 0,
      isClone: clonings(program.text).length > 0,
      at: (...needles) => placeInScript(inspected, workspace, container.name, ...needles),
    })),
  );
}

/** The script of a ConfigMap that a container runs by its name; undefined where it runs none that is known. */
export function scriptOf(
  { objects }: Inspected,
  { workload }: InspectedWorkspace,
  { command: [program = ""] = [], volumeMounts = [] }: Script["container"],
): string | undefined {
  const names = volumeMounts
    .filter(({ mountPath }) => program.startsWith(mountPath))
    .map((mount) => workload.pod.volumes?.find(({ name }) => name === mount.name)?.configMap?.name);
  const texts = names.map((name) => {
    const found = name && objects.find("ConfigMap", { namespace: workload.namespace, name });
    const { data = {} } = (found || {}) as { data?: Record<string, string> };
    return data[posix.basename(program)];
  });
  return texts.find((text) => text !== undefined);
}

/** The `#!` of a script of a ConfigMap that a container runs by its name. */
export function shebangOf(
  inspected: Inspected,
  workspace: InspectedWorkspace,
  container: Script["container"],
): string {
  const text = scriptOf(inspected, workspace, container) ?? "";
  return text.startsWith("#!") ? (text.split("\n")[0] ?? "") : "";
}

/** A line of a container's script: in its release, else in the files from which a ConfigMap is made. */
export function placeInScript(
  { home: { tree } }: Inspected,
  { at, object }: InspectedWorkspace,
  container: string,
  ...needles: Needle[]
): Place {
  const place = at(key(container), ...needles);
  const needle = needles.at(-1);
  if (needle === undefined || isAt(tree, place, needle)) return place;
  const files = [...tree.files.keys()].filter((path) => path.startsWith(`${object.owner.path}/`));
  const found = files
    .map((file) => placeIn(tree, file, [needle]))
    .find((one) => one.file !== place.file && isAt(tree, one, needle));
  return found ?? place;
}

function isAt(tree: Inspected["home"]["tree"], { file, line }: Place, needle: Needle): boolean {
  if (file === undefined || line === undefined) return false;
  const text = tree.text(file).split("\n")[line - 1] ?? "";
  return typeof needle === "string" ? text.includes(needle) : needle.test(text);
}

/** What a rule finds of each script that clones. */
export const eachClone =
  (find: (script: Script) => Fault | undefined) =>
  (inspected: Inspected): Fault[] =>
    scriptsIn(inspected)
      .filter(({ isClone }) => isClone)
      .flatMap((script) => find(script) ?? []);

export const named = ({ container, workspace }: Pick<Script, "container" | "workspace">): string =>
  `container ${container.name} of ${workspace.facts.name}`;

/** Whether the clone itself says what is to happen where it fails. */
export const isGuarded = (text: string): boolean =>
  /\bclone\b[^\n]*(\|\|\s*(exit|return|\{)|&&)|\bif\b[^\n]*\bclone\b/.test(text.replaceAll(/'[^']*'/g, "''"));

/** The line that clones, and no comment about it. */
export const cloneLine = /^\s*(?!\s|#).*\bclone\b/;

/** Whether a script ends where a command fails. */
export const stopsOnError = ({ shebang, text, container: { command = [] } }: Script): boolean =>
  /\bset\s+-\w*e|\bset\s+-o\s+errexit|\b(ba|da|a)?sh\s+-\w*e/.test(
    `${shebang}\n${command.join(" ")}\n${text}`,
  );

/** Whether a place of a script is reached only if something holds: what that is, its owner knows. */
export function isConditional(text: string, index: number): boolean {
  const before = text.slice(0, index);
  const words = [...before.matchAll(/(?<![^\s;])(if|fi|case|esac)(?![^\s;])/g)].map(([, word = ""]) => word);
  const depth = words.reduce((sum, word) => sum + (word === "if" || word === "case" ? 1 : -1), 0);
  return depth > 0 || /&&|\|\|/.test(before.slice(before.lastIndexOf("\n") + 1));
}

const bodies = /^[ \t]*[\w-]+\s*\(\)\s*\{(?:[^\n]*\}[ \t]*$|[\s\S]*?\n\s*\}[ \t]*$)/gm;

/** A script with blanks in the place of its functions, which are run where they are called: what that depends on stands there. */
export const withoutFunctions = (text: string): string =>
  text.replaceAll(bodies, (body) => body.replaceAll(/\S/g, " "));
