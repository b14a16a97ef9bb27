import { escapeRegExp, isAtOrBelow } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { branchOf } from "../../reading/branches.ts";
import { isMissing, isThere, withoutQuoted } from "../../reading/clone-commands.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { cloneLine, named, type Script, scriptsIn, stopsOnError } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";
import { clears } from "./cleared.ts";

const each =
  (find: (script: Script) => Fault | undefined) =>
  (inspected: Inspected): Fault[] =>
    scriptsIn(inspected).flatMap((script) => find(script) ?? []);

/** The lines of a script without comments. */
const linesOf = ({ text }: Script) => text.split("\n").filter((line) => !/^\s*#/.test(line));

/** `mkdir` without -p of what is there since the first start. */
function madeAgain(script: Script): Fault | undefined {
  const { claims } = script.workspace.facts;
  const kept = claims.flatMap(({ mounts }) =>
    mounts.filter(({ container }) => container === script.container.name).map(({ path }) => path),
  );
  const line = linesOf(script).find((one) => {
    const [, path = ""] = /^\s*mkdir\s+(?!-)["']?(\/[^\s"';|&]+)["']?/.exec(one) ?? [];
    return !/\|\||&&/.test(one) && kept.some((mount) => path.startsWith(`${mount.replace(/\/$/, "")}/`));
  });
  if (
    line === undefined ||
    !stopsOnError(script) ||
    /\[{1,2}\s+!?\s*-[de]\s[^\n]*\n\s*mkdir\s/.test(script.text)
  )
    return undefined;
  return {
    message: `${named(script)} makes a directory of the volume that is there from the second start on: the pod never starts again`,
    remedy: "write mkdir -p",
    ...script.at(line.trim()),
  };
}

/** What a script does where the clone is there, and where it is not: `!` in the wrong place, `exit 1` for `exit 0`. */
function wrongBranch(script: Script): Fault | undefined {
  if (!script.isClone) return undefined;
  const there = branchOf(script.text, isThere) ?? "";
  const missing = branchOf(script.text, isMissing) ?? "";
  if (/\bexit\s+0\b/.test(missing) && !/\bclone\b/.test(missing)) {
    return {
      message: `${named(script)} ends where there is no .git, and clones where there is one: nothing is ever cloned`,
      remedy: 'write if [ -d "$repo/.git" ] without !',
      ...script.at(/!\s*-[de]\s.*\.git\b/),
    };
  }
  if (!/\bexit\s+[1-9]/.test(there) || /\bclone\b/.test(there)) return undefined;
  return {
    message: `${named(script)} fails where the clone is there: the pod never starts again`,
    remedy: "write exit 0",
    ...script.at(/-[de]\s.*\.git\b/, /\bexit\s+[1-9]/),
  };
}

/** Where git clones to, and where in the script. */
function cloneIn({ text }: Script) {
  const { 0: command = "", index = 0 } =
    /(?<![\w.])git\b[^\n]*\sclone\s[^\n;&|]*/.exec(withoutQuoted(text)) ?? {};
  const target = (command.trim().split(/\s+/).at(-1) ?? "").replaceAll(/["']/g, "");
  const isNew = /mktemp|\$\$|\$\(date|random|uuid|HOSTNAME|POD_(NAME|UID)/i.test(
    `${target}${assignedTo(text, target)}`,
  );
  return { target, isNew, index };
}

/** What a variable that a path begins with was given. */
function assignedTo(text: string, path: string): string {
  const [, variable] = /^\$\{?(\w+)/.exec(path) ?? [];
  return variable ? (new RegExp(`^\\s*${variable}=(.*)$`, "m").exec(text)?.[1] ?? "") : "";
}

/** Whether a path is on no claim of the container: the next pod finds nothing there. */
function goesWithPod({ text, workspace, container }: Script, path: string): boolean {
  const whole = path.replace(/^\$\{?\w+\}?/, assignedTo(text, path).trim().replaceAll(/["']/g, ""));
  if (!whole.startsWith("/") || whole.includes("$")) return false;
  const mounts = workspace.facts.claims.flatMap((claim) => claim.mounts);
  return !mounts.some(
    (mount) => mount.container === container.name && isAtOrBelow(whole, mount.path.replace(/\/$/, "")),
  );
}

/** A clone beside its place, that a lost node has cut short, is in the way of the next. */
function leftInTheWay(script: Script): Fault | undefined {
  const { text, isClone } = script;
  const { target: plain, isNew, index } = cloneIn(script);
  if (!isClone || isNew || plain === "" || !/[./$]/.test(plain) || goesWithPod(script, plain))
    return undefined;
  const mention = `["']?${escapeRegExp(plain)}["']?`;
  const moves = [...text.matchAll(new RegExp(`\\bmv\\s+(?:-[\\w-]*\\s+)*${mention}\\s`, "g"))];
  // What goes aside before the clone is what an earlier one has left.
  const moved = moves.find((one) => one.index > index);
  const isBeside = /\.(partial|part|tmp|new|incomplete|clone)$/.test(plain);
  const isTaken = new RegExp(
    `\\b(cp|rsync|rename|ln|tar|\\w*(move|swap|place|publish)\\w*)\\b[^\\n]*${mention}`,
  );
  if (moves.length === 0 && isBeside && !isTaken.test(text.slice(index))) {
    return {
      message: `${named(script)} clones into ${plain} and leaves it there: OpenCode does not look at that place`,
      remedy: "rename it when it is whole, with mv as the last step",
      ...script.at(cloneLine),
    };
  }
  if (!moved) return undefined;
  const before = text.slice(0, index);
  if (!clears(before, plain)) {
    return {
      message: `${named(script)} clones into ${plain}, which nothing removes before: what an interrupted clone has left makes every later start fail`,
      remedy: `write rm -rf "${plain}" before the clone`,
      ...script.at(cloneLine),
    };
  }
  const between = text.slice(before.length, moved.index);
  if (/(^|[\s;&])sync\b/m.test(between)) return undefined;
  return {
    message: `${named(script)} renames its clone before it is on the disk: a node that loses power leaves a .git with empty files`,
    remedy: "write sync before mv",
    severity: "warning",
    ...script.at(cloneLine, /^\s*mv\s/),
  };
}

/** What a start must leave so that the next one goes well. */
export const secondStartRules = [
  rule({
    id: "second-start-fails",
    title: "what started once starts again",
    pitfalls: [2],
    find: (inspected) => [...each(madeAgain)(inspected), ...each(wrongBranch)(inspected)],
  }),
  rule({
    id: "interrupted-clone",
    title: "an interrupted clone is no hindrance, and no clone",
    pitfalls: [2],
    find: each(leftInTheWay),
  }),
];
