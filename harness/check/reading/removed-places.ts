import { posix } from "node:path";
import type { V1Container } from "@kubernetes/client-node";
import { innermostMount } from "../../base/index.ts";
import { plainPath, withoutWords } from "./clone-commands.ts";
import { wholePath } from "./script-paths.ts";

/** A directory of a claim that a script removes, with all that is in it. */
export interface Removed {
  /** As the container has it. */
  path: string;
  /** From the root of the volume; "/" for that. What the shell fills in is as it is written. */
  onVolume: string;
  index: number;
}

const removing = /(?<=^|[\s;&|({])rm\s+([^\n;&|)]*)/gm;
const finding = /(?<=^|[\s;&|({])find\s+([^\n;&|)]*?)\s-(?:delete|exec\s+rm)\b/gm;
/** Of what is asked of a file before it goes its owner knows the reason; by age it is another rule's. */
const asked = /(?<!(?:!|-not)\s+)-(?:i?name|i?path|i?regex|empty|[acm](?:time|min)|newer\w*|size)\b/;

/** What a script removes as a whole, in its order. */
function removedIn(script: string): { path: string; index: number }[] {
  const text = withoutWords(script).replaceAll(/^\s*#.*$/gm, (comment) => " ".repeat(comment.length));
  const rm = [...text.matchAll(removing)].flatMap(({ 1: rest = "", index }) => {
    const words = rest.trim().split(/\s+/);
    if (!words.some((word) => /^-\w*[rR]|^--recursive$/.test(word))) return [];
    return words.filter((word) => !/^-|^\d?>/.test(word)).map((path) => ({ path: plainPath(path), index }));
  });
  const find = [...text.matchAll(finding)].flatMap(({ 1: rest = "", index }) => {
    const [path = ""] = rest.trim().split(/\s+/);
    return asked.test(rest) || path.startsWith("-") ? [] : [{ path: plainPath(path), index }];
  });
  return [...rm, ...find];
}

/** Those that lie on a claim, as a container has it mounted. */
export function removedPlaces(
  text: string,
  { volumeMounts = [] }: V1Container,
  isOfClaim: (mountPath: string) => boolean,
): Removed[] {
  return removedIn(text).flatMap(({ path, index }) => {
    const whole = wholePath(text, index, path);
    if (whole === undefined) return [];
    const sure = whole.replace(/\/[^/]*[*?[].*$/, "") || "/";
    const mount = innermostMount(volumeMounts, sure);
    if (!mount || !isOfClaim(mount.mountPath)) return [];
    const onVolume = posix.join("/", mount.subPath ?? "", posix.relative(mount.mountPath, whole));
    return [{ path: whole, onVolume, index }];
  });
}
