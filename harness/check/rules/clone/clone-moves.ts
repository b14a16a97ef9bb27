import { escapeRegExp, isAtOrBelow } from "../../../base/index.ts";
import { credentialHelper, placesOfClone } from "../../reading/clone-commands.ts";
import { cloneLine, eachClone, named, type Script } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

const moves = /^\s*mv\s/;

/** `mv` of a directory onto one that is there puts it inside; the script itself has made that one. */
const intoItsOwn = eachClone((script) => {
  const { text } = script;
  const { made, end } = placesOfClone(text) ?? {};
  if (made === undefined || end === undefined || made === end || /\bmv\s+(-\w*T|--no-target)/.test(text))
    return undefined;
  const place = `["']?${escapeRegExp(end)}["']?`;
  const making = new RegExp(`\\b(?:mkdir|install\\s+-d)\\b[^\\n;&|]*\\s${place}(?=[\\s/;&|]|$)`, "m");
  const isCleared = new RegExp(
    `\\b(?:mv|rm|rmdir)\\s+(?:-\\S+\\s+)*(?:--\\s+)?${place}(?=[\\s;&|]|$)`,
    "m",
  ).test(text);
  if (!making.test(text) || isCleared) return undefined;
  return {
    message: `${named(script)} makes ${end}, and moves its clone to it: mv puts it inside, where nobody finds it, and each start makes another`,
    remedy: "make the directory above it only: the last step makes this one",
    ...script.at(cloneLine, moves),
  };
});

/** What lies at a path of a container. */
const volumeAt = ({ container: { volumeMounts = [] } }: Script, path: string): string | undefined =>
  volumeMounts
    .filter(({ mountPath }) => isAtOrBelow(path, mountPath.replace(/\/$/, "")))
    .sort((left, right) => right.mountPath.length - left.mountPath.length)[0]?.name;

/** From one volume to another `mv` copies file by file. */
const acrossVolumes = eachClone((script) => {
  const { made, end } = placesOfClone(script.text) ?? {};
  if (!made?.startsWith("/") || !end?.startsWith("/") || /[$*]/.test(made)) return undefined;
  const [from, to] = [volumeAt(script, made), volumeAt(script, end)];
  // Of a copy that is renamed at its end nothing is seen here.
  if (to === undefined || from === to || made === end) return undefined;
  return {
    message: `${named(script)} clones into ${made}, on another volume than ${end}: mv copies it file by file, and a node that dies meanwhile leaves half a clone that is taken for whole`,
    remedy: `clone beside it, into ${end}.partial: there mv is one step`,
    severity: "warning",
    ...script.at(cloneLine),
  };
});

/** A clone of which most files are not checked out. */
const sparse = eachClone((script) => {
  const { text } = script;
  if (!/\bclone\b[^\n]*\s--sparse\b/.test(text) || /\bsparse-checkout\s+(set|add|disable)\b/.test(text))
    return undefined;
  return {
    message: `${named(script)} checks out the files of the topmost directory alone: OpenCode sees nothing of the rest`,
    remedy: "clone without --sparse",
    ...script.at("--sparse"),
  };
});

/** With its repository elsewhere a clone has a file .git. */
const apart = eachClone((script) => {
  const { text } = script;
  if (
    !/\bclone\b[^\n]*\s--separate-git-dir\b/.test(text) ||
    !/\s-d\s+["']?[^\s"'\]]*\.git["'\s\]]/.test(text)
  )
    return undefined;
  return {
    message: `${named(script)} asks with -d for .git, which is a file where --separate-git-dir is given: it never finds its clone, and the work is moved away or in the way`,
    remedy: "clone without --separate-git-dir",
    ...script.at("--separate-git-dir"),
  };
});

/** Of a credential helper git asks `get`, and wants a name and a password. */
const answersNothing = eachClone((script) => {
  const body = credentialHelper(script.text);
  if (!/^\s*!/.test(body) || !/\bpassword=/.test(body)) return undefined;
  const verbs = [...body.matchAll(/\$\{?1\}?["']?\s*==?\s*["']?(\w+)/g)].map(([, verb = ""]) => verb);
  if (verbs.length > 0 && !verbs.includes("get"))
    return {
      message: `${named(script)} has a credential helper that answers ${verbs[0]}, and git asks it to get: it says nothing, and the clone fails`,
      remedy: 'write [ "$1" = get ]',
      ...script.at(cloneLine),
    };
  const everything = `${script.text}\n${Object.values(script.variables).join("\n")}`;
  const hasName = /\busername=|credential\.\S*username|https:\/\/[^\s"'/:@]+(?::[^\s"'/@]*)?@/i.test(
    everything,
  );
  if (hasName || /\bcat\b/.test(body.replaceAll(/\$\([^)]*\)/g, ""))) return undefined;
  return {
    message: `${named(script)} has a credential helper that says no username=: git asks for one, nobody is there, and the clone fails`,
    remedy: "let it say echo username=x-access-token, too",
    ...script.at(cloneLine),
  };
});

/** Where a clone ends up, and what git is told on the way. */
export const cloneMoveRules = [
  rule({
    id: "clone-moved",
    title: "a whole clone is put in its place in one step",
    pitfalls: [2],
    find: (inspected) => [...intoItsOwn(inspected), ...acrossVolumes(inspected)],
  }),
  rule({ id: "sparse-clone", title: "clones have all files", pitfalls: [2], find: sparse }),
  rule({ id: "repository-apart", title: "a clone has its own .git", pitfalls: [2], find: apart }),
  rule({
    id: "helper-silent",
    title: "the credential helper answers git",
    pitfalls: [3],
    find: answersNothing,
  }),
];
