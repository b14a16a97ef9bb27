import { posix } from "node:path";
import type { V1Container } from "@kubernetes/client-node";
import { escapeRegExp, isAtOrBelow } from "../../../base/index.ts";
import { containersOf, workloadsIn } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, ownedNamed } from "../../reading/inspected.ts";
import { isAmong, mountsOf, sourceOf } from "../../reading/mounted-files.ts";
import { key } from "../../reading/place.ts";
import { placeInScript } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

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

/** Paths that a script reads below a Secret's or ConfigMap's mount, and that are not in it. */
function missingFiles(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const mounts = mountsOf(inspected, workspace);
    return workspace.containers.flatMap(({ container, program }) => {
      const text = withoutComments(program.text);
      const own = mounts.filter((one) => one.container === container);
      const dirs = own.filter(({ subPath }) => !subPath);
      const whole = `${text}\n${program.words.map(withoutComments).join("\n")}`;
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

/** Lines that begin with #, or end with it after a blank; the first line of all says who runs the script. */
const withoutComments = (text: string): string =>
  text
    .split("\n")
    .map((line, index) => (index > 0 && /^\s*#/.test(line) ? "" : line.replace(/\s#\s[^"']*$/, "")))
    .join("\n");

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
  const isBelow = volumeMounts.some(({ mountPath }) => isAtOrBelow(path, mountPath));
  const isMade = new RegExp(`(>|\\bmkdir\\b[^\\n]*)\\s*["']?${escapeRegExp(posix.dirname(path))}`).test(text);
  return !isBelow && !isMade && !ofImages.test(path);
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
          const object = ownedNamed({ of }, workload.kind, workload);
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

/** What scripts and commands find of the files that they name. */
export const namedFileRules = [
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
];
