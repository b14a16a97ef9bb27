import { posix } from "node:path";
import type { V1Container, V1Volume } from "@kubernetes/client-node";
import { escapeRegExp } from "../../base/index.ts";
import { containersOf, externalSecretsIn, workloadsIn } from "../../rendering/index.ts";
import type { Fault } from "../finding.ts";
import type { Inspected, InspectedWorkspace } from "../inspected.ts";
import { key, type Needle } from "../place.ts";
import { rule } from "../rule.ts";
import { cloneLine, placeInScript, shebangOf } from "../scripts.ts";
import { keysOf } from "../secret-origins.ts";

/** A Secret or ConfigMap as a container sees it. */
interface Mounted {
  container: V1Container;
  volume: string;
  /** Of what it comes, for people. */
  of: string;
  path: string;
  subPath: string | undefined;
  /** The files in it; undefined where only the cluster knows. */
  files: string[] | undefined;
  mode: number;
  /** Of those files that have one of their own. */
  modes: Record<string, number>;
}

function mountsOf(inspected: Inspected, { workload, containers }: InspectedWorkspace): Mounted[] {
  return containers.flatMap(({ container }) =>
    (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath }) => {
      const volume = workload.pod.volumes?.find((one) => one.name === name);
      const source = volume && sourceOf(inspected, workload.namespace, volume);
      return source ? [{ container, volume: name, path: mountPath, subPath, ...source }] : [];
    }),
  );
}

function sourceOf(
  inspected: Inspected,
  namespace: string,
  { secret, configMap }: V1Volume,
): Pick<Mounted, "of" | "files" | "mode" | "modes"> | undefined {
  const name = secret?.secretName ?? configMap?.name;
  if (name === undefined || secret?.optional || configMap?.optional) return undefined;
  const { items, defaultMode: mode = 0o644 } = secret ?? configMap ?? {};
  const keys = secret
    ? keysOfSecret(inspected, namespace, name)
    : keysOfConfigMap(inspected, namespace, name);
  return {
    of: `${secret ? "Secret" : "ConfigMap"} ${name}`,
    mode,
    modes: Object.fromEntries(
      (items ?? []).flatMap((item) => (item.mode === undefined ? [] : [[item.path, item.mode]])),
    ),
    files: items?.map(({ path }) => path) ?? keys,
  };
}

function keysOfConfigMap({ objects }: Inspected, namespace: string, name: string): string[] | undefined {
  const found = objects.find("ConfigMap", { namespace, name }) as
    | { data?: object; binaryData?: object }
    | undefined;
  return found && Object.keys({ ...found.data, ...found.binaryData });
}

function keysOfSecret({ objects, home }: Inspected, namespace: string, name: string): string[] | undefined {
  const [writer, ...others] = externalSecretsIn(namespace, objects).filter(({ secret }) => secret === name);
  if (!writer || others.length > 0 || home.blind.length > 0) return undefined;
  return keysOf(writer, Object.keys(home.outside.doppler));
}

/** A mount of one file that is not in its Secret or ConfigMap: the kubelet makes an empty directory of it. */
function missingSubPaths(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) =>
    mountsOf(inspected, workspace)
      .filter(({ subPath, files }) => subPath && files && !isAmong(files, subPath))
      .map(({ container, of, subPath = "", files = [] }) => ({
        message: `container ${container.name} of ${workspace.facts.name} mounts ${subPath} of ${of}, which has no such file: an empty directory comes in its place`,
        remedy: `name one that is there: ${files.join(", ")}`,
        ...workspace.at(key(container.name), `subPath: ${subPath}`),
      })),
  );
}

const isAmong = (files: readonly string[], path: string) =>
  files.some((file) => file === path || file.startsWith(`${path}/`) || path === `${file}/`);

/** Paths that a script reads below a Secret's or ConfigMap's mount, and that are not in it. */
function missingFiles(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const mounts = mountsOf(inspected, workspace);
    return workspace.containers.flatMap(({ container, program: { text, words } }) => {
      const own = mounts.filter((one) => one.container === container);
      const dirs = own.filter(({ subPath }) => !subPath);
      const whole = `${text}\n${words.join("\n")}`;
      const named = [...whole.matchAll(/(?<![\w$}./:])\/[\w][\w./-]*/g)].filter(
        ({ 0: path, index }) => !isOpen(path, whole[index + path.length]) && !isTested(path, whole),
      );
      const paths = [...new Set(named.map(([path]) => path.replace(/[./]+$/, "")))];
      const within = paths.flatMap((path) => {
        const mount = dirs.find((one) => path.startsWith(`${one.path.replace(/\/$/, "")}/`));
        if (!mount?.files) return [];
        const file = posix.relative(mount.path, path);
        return isAmong(mount.files, file) ? [] : [{ path, mount }];
      });
      const place = (path: string) => placeInScript(inspected, workspace, container.name, path);
      const inMount = within.map(({ path, mount: { of, path: at, files = [] } }) => ({
        message: `container ${container.name} of ${workspace.facts.name} reads ${path}, and ${of} at ${at} has no ${posix.relative(at, path)}`,
        remedy: `read what is there: ${files.map((file) => posix.join(at, file)).join(", ") || "nothing is"}`,
        ...place(path),
      }));
      const nowhere = readBy(text)
        .filter((path) => isUnmounted(container, path, text) && !isTested(path, text))
        .filter((path) => mounts.some(({ files }) => files?.includes(posix.basename(path))))
        .map((path) => {
          const secrets = dirs.filter(({ of }) => of.startsWith("Secret"));
          return {
            // The image may bring it.
            severity: "warning" as const,
            isBlocker: false,
            message: `container ${container.name} of ${workspace.facts.name} reads ${path}, where nothing is mounted`,
            remedy: secrets.length
              ? `${secrets.map(({ of, path: at }) => `${of} is at ${at}`).join(", ")}: let script and mount name one path`
              : "mount what it reads there (advancedMounts), or read it where it is",
            ...place(path),
          };
        });
      return [...inMount, ...nowhere];
    });
  });
}

/** Whether the path is not all of a name: a variable or a pattern follows, or it is the kubelet's own. */
const isOpen = (path: string, next = ""): boolean => /[$*?{[]/.test(next) || path.includes("..data");

/** Whether a script asks first whether the file is there. */
function isTested(path: string, text: string): boolean {
  const test = new RegExp(`\\s-[efsr]\\s+["']?${escapeRegExp(path)}(?![\\w./-])`);
  const at = text.search(test);
  return at >= 0 && at < text.indexOf(path);
}

/** Files that commands read: a redirection, what is copied or printed, a key of ssh's. */
function readBy(text: string): string[] {
  const found = text.matchAll(/(?:<\s*|\b(?:cat|cp|sha256sum|cmp|-i)\s+(?:-\w+\s+)*)["']?(\/[\w][\w./-]*)/g);
  const whole = [...found].filter(
    ({ 0: match, 1: path = "", index }) => !isOpen(path, text[index + match.length]),
  );
  return [...new Set(whole.map(([, path = ""]) => path))];
}

/** Directories that images bring, or the kubelet. */
const ofImages = /^\/(etc|usr|bin|sbin|lib|proc|sys|dev|var|run|root|home|opt|tmp)(\/|$)/;

function isUnmounted({ volumeMounts = [] }: V1Container, path: string, text: string): boolean {
  const isBelow = volumeMounts.some(
    ({ mountPath }) => path === mountPath || path.startsWith(`${mountPath.replace(/\/$/, "")}/`),
  );
  const isMade = new RegExp(`(>|\\bmkdir\\b[^\\n]*)\\s*["']?${posix.dirname(path)}`).test(text);
  return !isBelow && !isMade && !ofImages.test(path);
}

/** Scripts of ConfigMaps that are run by their own name need the mode for it. */
function notExecutable(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) =>
    mountsOf(inspected, workspace).flatMap(
      ({ container, path, subPath, of, mode: others, modes, volume }) => {
        const [program = ""] = container.command ?? [];
        const isIt = subPath ? program === path : program.startsWith(`${path.replace(/\/$/, "")}/`);
        const mode = modes[subPath || posix.relative(path, program)] ?? others;
        if (!isIt || (mode & 0o111) !== 0) return [];
        return {
          message: `container ${container.name} of ${workspace.facts.name} runs ${program} of ${of}, which is mounted with mode 0${mode.toString(8)}: it may not be executed`,
          remedy: `let defaultMode be 0755, or run it as [/bin/sh, ${program}]`,
          ...workspace.at(key("persistence"), key(volume), key("defaultMode")),
        };
      },
    ),
  );
}

/** Of any workload of ours, since one whose script is not there is no workspace yet. */
function missingPrograms(inspected: Inspected): Fault[] {
  const { home, isOurs, of, placeOf } = inspected;
  return workloadsIn(home.rendered)
    .filter(({ kustomization }) => isOurs(kustomization))
    .flatMap((workload) =>
      containersOf(workload).flatMap((container) =>
        (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath }) => {
          const [program = ""] = container.command ?? [];
          const volume = workload.pod.volumes?.find((one) => one.name === name);
          const source = volume && sourceOf(inspected, workload.namespace, volume);
          const isBelow = !subPath && program.startsWith(`${mountPath.replace(/\/$/, "")}/`);
          const file = posix.relative(mountPath, program);
          const object = of(workload.kind).find(
            ({ object: { metadata } }) =>
              metadata.name === workload.name && metadata.namespace === workload.namespace,
          );
          if (!source?.files || !isBelow || isAmong(source.files, file) || !object) return [];
          return {
            message: `container ${container.name} of ${workload.name} runs ${program}, and ${source.of} at ${mountPath} has no ${file}`,
            remedy: `name one that is there: ${source.files.join(", ") || "none is"}`,
            ...placeOf(object, key(container.name), program),
          };
        }),
      ),
    );
}

/** OpenCode's official image is Alpine without either. */
const officialImage = /(^|\/)anomalyco\/opencode[:@]/;

function missingTools(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) =>
    workspace.containers.flatMap(({ container, program: { text } }) => {
      const { name, image = "", command: [program = ""] = [] } = container;
      if (!officialImage.test(image) || /\bapk\b[^\n]*\sadd\b/.test(text)) return [];
      const isBash =
        /(^|\/)bash$/.test(program) || /\bbash\b/.test(shebangOf(inspected, workspace, container));
      const isGit =
        !/\bcommand\s+-v\s+git\b/.test(text) &&
        /(^|[\s;&|(])git\s+(-\w+\s+\S+\s+)*(clone|pull|fetch)\b/m.test(text);
      const place = (needle: Needle) => placeInScript(inspected, workspace, name, needle);
      const who = `container ${name} of ${workspace.facts.name}`;
      const bash = {
        message: `${who} needs bash, which ${image} does not have`,
        remedy: "write the script for /bin/sh",
        ...place(/\bbash\b/),
      };
      const git = {
        message: `${who} needs git, which ${image} does not have`,
        remedy: "clone in a container of docker.io/alpine/git",
        ...place(cloneLine),
      };
      return [...(isBash ? [bash] : []), ...(isGit ? [git] : [])];
    }),
  );
}

/** What YAML folds is one line: of a script whose first words are `set -eu`, and a comment, nothing is left. */
function foldedScripts({ home: { tree }, workspaces, of }: Inspected): Fault[] {
  const files = new Set([
    ...workspaces.map(({ object }) => object.file),
    ...of("ConfigMap").map(({ file }) => file),
  ]);
  return [...files].flatMap((file) => {
    if (file === undefined || !tree.files.has(file)) return [];
    const lines = tree.text(file).split("\n");
    return lines.flatMap((line, index) => {
      const first = lines[index + 1]?.trim() ?? "";
      if (!/(^\s*-|:)\s+>[-+]?\d?\s*$/.test(line) || !/^(set -|#!)/.test(first)) return [];
      if (isWholeInOneLine(blockFrom(lines.slice(index + 1)))) return [];
      return {
        message: `a script is folded (${line.trim()}): all its lines become one, and what follows the first # is a comment`,
        remedy: "write | in place of >",
        file,
        line: index + 1,
      };
    });
  });
}

/** The lines of a block: those as far in as its first, or farther. */
function blockFrom(lines: readonly string[]): string[] {
  const margin = /^\s*/.exec(lines[0] ?? "")?.[0] ?? "";
  const end = lines.findIndex((line) => line.trim() !== "" && !line.startsWith(margin));
  return lines.slice(0, end < 0 ? undefined : end).map((line) => line.trim());
}

/** Whether a script is the same with its lines put together: each ends with what parts commands, and none is a comment. */
function isWholeInOneLine(block: readonly string[]): boolean {
  const lines = block.filter((line) => line !== "");
  const goesOn = /(;|&&|\|\|?|\\|\b(then|do|else))$/;
  return lines.every(
    (line, index) => !line.startsWith("#") && (index === lines.length - 1 || goesOn.test(line)),
  );
}

/** 0400 without its 0, which is 0620. */
const asOctal = new Set([400, 440, 444, 600, 640, 644, 700, 744, 750, 755]);

function decimalModes({ workspaces }: Inspected): Fault[] {
  return workspaces.flatMap(({ facts, workload, at }) =>
    (workload.pod.volumes ?? []).flatMap(({ name, secret, configMap }) => {
      const mode = (secret ?? configMap)?.defaultMode;
      if (mode === undefined || !asOctal.has(mode)) return [];
      return {
        message: `${facts.name} mounts ${secret?.secretName ?? configMap?.name} with defaultMode ${mode}, which as octal is 0${mode.toString(8)}`,
        remedy: `write 0${mode}, or ${Number.parseInt(String(mode), 8)}`,
        ...at(key("persistence"), key(name), key("defaultMode")),
      };
    }),
  );
}

/** What scripts and commands find of the files that they name. */
export const fileRules = [
  rule({
    id: "file-missing",
    title: "scripts and mounts name files that are there",
    pitfalls: [8],
    isBlocker: true,
    find: (inspected) => [
      ...missingSubPaths(inspected),
      ...missingFiles(inspected),
      ...missingPrograms(inspected),
    ],
  }),
  rule({
    id: "not-executable",
    title: "scripts that are run may be",
    isBlocker: true,
    find: notExecutable,
  }),
  rule({ id: "tool-missing", title: "images have what scripts call", isBlocker: true, find: missingTools }),
  rule({ id: "script-folded", title: "scripts keep their lines", find: foldedScripts }),
  rule({ id: "mode-decimal", title: "modes are octal", pitfalls: [1], find: decimalModes }),
];
