import type { Fault } from "../../finding.ts";
import { clonedFrom, clonings } from "../../reading/clone-commands.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { cloneLine, named, scriptsIn } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

/** What OpenCode's own container clones, it can also fetch from later. */
function partialClones(inspected: Inspected): Fault[] {
  return scriptsIn(inspected)
    .filter(({ container, workspace }) => container !== workspace.app)
    .filter(({ text }) => /\bclone\b[^\n]*\s--filter[ =]/.test(text))
    .map((script) => ({
      message: `${named(script)} makes a partial clone: what it left out is fetched later, when the token is gone`,
      remedy: "clone without --filter",
      ...script.at("--filter"),
    }));
}

/** A clone without files. */
function bareClones(inspected: Inspected): Fault[] {
  return scriptsIn(inspected)
    .filter(({ text }) => /\bclone\b[^\n]*\s--(bare|mirror|no-checkout)\b/.test(text))
    .map((script) => ({
      message: `${named(script)} clones without files: OpenCode finds an empty directory`,
      remedy: "clone without --bare, --mirror and --no-checkout",
      ...script.at(/--(bare|mirror|no-checkout)/),
    }));
}

/** Whether the repository is cloned once, and only while it is not there. */
function cloneAgain(inspected: Inspected): Fault[] {
  return scriptsIn(inspected)
    .filter(({ isClone }) => isClone)
    .flatMap((script) => {
      const { text } = script;
      const clones = clonings(text).length;
      const repositories = script.workspace.facts.clones.filter(
        ({ container }) => container === script.container.name,
      );
      const asksGit =
        /(-[de]\s+|\[\s+-\w\s+)["']?[^\s"']*\.git\b|rev-parse|\bgit\b[^\n]*\s(status|fsck)\b/.test(text);
      const asksDirectory = /\[{1,2}\s+!?\s*-[dexs]\s|\btest\s+!?\s*-[dexs]\s|\bls -A\b/.test(text);
      const place = script.at(cloneLine);
      if (!asksGit) {
        const why = asksDirectory
          ? "takes a directory for a whole clone, also that of a clone which was interrupted"
          : "clones whenever the pod starts, and what is in the clone is lost or in its way";
        return [
          {
            message: `${named(script)} ${why}`,
            remedy: 'ask for .git: if [ ! -d "$repo/.git" ]; and clone beside, then rename',
            ...place,
          },
        ];
      }
      if (clones <= Math.max(1, repositories.length, clonedFrom(text).size)) return [];
      return [{ message: `${named(script)} clones ${clones} times`, remedy: "clone once", ...place }];
    });
}

/** Whether a repository is cloned once, and whole. */
export const clonedOnceRules = [
  rule({ id: "partial-clone", title: "clones are whole", pitfalls: [2], find: partialClones }),
  rule({ id: "bare-clone", title: "clones have their files", pitfalls: [2], find: bareClones }),
  rule({ id: "clone-again", title: "a repository is cloned once", pitfalls: [2], find: cloneAgain }),
];
