import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { gitCommands, isOrHolds, losesWork, withoutWords } from "../../reading/clone-commands.ts";
import { ignoredFailure } from "../../reading/clone-failures.ts";
import type { Inspected } from "../../reading/inspected.ts";
import type { Needle } from "../../reading/place.ts";
import {
  cloneLine,
  isConditional,
  isGuarded,
  named,
  type Script,
  scriptsIn,
  stopsOnError,
} from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

type Told = Pick<Fault, "message" | "remedy" | "severity">;

const cloning =
  (find: (script: Script) => [Told, Needle] | undefined) =>
  (inspected: Inspected): Fault[] =>
    scriptsIn(inspected)
      .filter(({ isClone }) => isClone)
      .flatMap((script) => {
        const [told, needle] = find(script) ?? [];
        return told && needle ? [{ ...told, ...script.at(needle) }] : [];
      });

const losingLine = /\bgit\b.*\s(stash|restore|switch|clean)\b|reset\s+--hard|checkout\s+[-.]/;

/** Something is done to the work before it is asked for, or whenever the pod starts. */
const destroys = cloning((script) => {
  const { text } = script;
  const resets = losesWork(text);
  if (resets) {
    const told = {
      message: `${named(script)} runs git ${resets.words}: what was not committed is gone after each start`,
      remedy: "leave the clone alone once it is there: pulling is the user's",
      ...(isConditional(text, resets.index) ? { severity: "warning" as const } : {}),
    };
    return [told, losingLine];
  }
  const asked = text.search(/\.git\b(?!hub)["']?\s*\]|rev-parse|\bgit\b[^\n]*\s(status|fsck)\b/);
  const target = /-[de]\s+["']?([^\s"'\]]+?)\/\.git\b/.exec(text)?.[1];
  const removed = [...text.matchAll(/\brm\s+-\w*r\w*\s+(?:--\s+)?["']?([^\s"';]+)/g)].find(
    (match) => target !== undefined && isOrHolds(match[1] ?? "", target) && match.index < asked,
  );
  if (asked < 0 || removed === undefined) return undefined;
  const told = {
    message: `${named(script)} removes ${target} before it asks whether it is there: all work is gone after each start`,
    remedy: "remove only what is no whole clone, after the question for .git",
    ...(isConditional(text, removed.index) ? { severity: "warning" as const } : {}),
  };
  return [told, /\brm\s+-\w*r/];
});

/** What comes after `||`, or is the question of an `if`, lets the script go on, and what runs beside OpenCode keeps nobody from starting. */
const pulls = cloning((script) => {
  const { text, container, workspace } = script;
  const isAnswered = (index: number) =>
    /^[^\n]*\|\|/.test(text.slice(index)) || /(?:^|[\s;])(?:el)?if\s+[^\n;]*$/.test(text.slice(0, index));
  const pulled = gitCommands(text).filter(
    ({ command, index }) => /^(pull|rebase|merge)(?!\S)/.test(command) && !isAnswered(index),
  );
  if (pulled.length === 0 || workspace.facts.sidecars.includes(container.name)) return undefined;
  const told = {
    message: `${named(script)} pulls whenever the pod starts: work that stands in the way keeps the workspace from starting`,
    remedy: "leave pulling to the user, or let the script go on where it fails",
    severity: "warning" as const,
  };
  return [told, /\bgit\b.*\s(pull|rebase|merge)(?![.\w])/];
});

const goesOn = cloning((script) => {
  const how = ignoredFailure(script.text);
  if (how === undefined && (stopsOnError(script) || isGuarded(script.text))) return undefined;
  const told = {
    message: `${named(script)} goes on where the clone fails${how ? `, for ${how}` : ""}: OpenCode starts without its repository, or with half of it`,
    remedy: how ? "let the clone stand by itself under set -eu" : "begin with set -eu",
  };
  return [told, cloneLine];
});

const shallow = cloning((script) => {
  if (!/\bclone\b[^\n]*\s--(depth|shallow)/.test(script.text)) return undefined;
  const told = {
    message: `${named(script)} clones without history: git log, blame and rebase end after a few commits, and the rest needs the token`,
    remedy: "clone without --depth",
    severity: "warning" as const,
  };
  return [told, "--depth"];
});

/** What is fetched later is fetched without the token, and of one branch only. */
const oneBranch = cloning((script) => {
  const isWidened = /remote\.origin\.fetch|\bset-branches\b/.test(script.text);
  if (!/\bclone\b[^\n]*\s--single-branch\b/.test(script.text) || isWidened) return undefined;
  const told = {
    message: `${named(script)} clones one branch alone: no other can be checked out, git fetch brings none, and the rest needs the token`,
    remedy: "clone without --single-branch",
    severity: "warning" as const,
  };
  return [told, "--single-branch"];
});

/** A file that is made after something, and asked for before it the next time. */
const hasMark = (text: string): boolean =>
  [...text.matchAll(/\btouch\s+["']?([^\s"';]+)/g)].some(({ 1: mark = "", index }) =>
    new RegExp(`\\s-[efs]\\s+["']?${escapeRegExp(mark)}["']?\\s`).test(text.slice(0, index)),
  );

const inPlace = cloning((script) => {
  const target = /\bclone\s+(?:-\S+\s+)*["']?[^\s"']+["']?\s+["']?([^\s"';]+)/.exec(
    withoutWords(script.text),
  )?.[1];
  const asked = /-[de]\s+["']?([^\s"'\]]+?)\/\.git\b/.exec(script.text)?.[1];
  if (target === undefined || target !== asked || hasMark(script.text)) return undefined;
  const told = {
    message: `${named(script)} clones into the place where it looks for .git: a node that dies meanwhile leaves half a clone that is taken for whole`,
    remedy: "clone beside, sync, then rename",
    severity: "warning" as const,
  };
  return [told, cloneLine];
});

/** Where git or ssh is told to believe whoever answers. */
const believes = cloning((script) => {
  const { text, variables } = script;
  const isTold =
    /sslVerify[ =]["']?(false|0)|StrictHostKeyChecking[ =]["']?(no|off)\b|UserKnownHostsFile[ =]["']?\/dev\/null/i.test(
      text,
    ) || (variables.GIT_SSL_NO_VERIFY ?? "") !== "";
  if (!isTold) return undefined;
  const told = {
    message: `${named(script)} takes anybody for GitHub, and hands over the credential`,
    remedy: "leave the check on; for ssh bring github.com's keys as known_hosts",
  };
  return [told, /sslVerify|StrictHostKeyChecking|UserKnownHostsFile|GIT_SSL_NO_VERIFY/i];
});

const plain = cloning((script) => {
  if (!/\bhttp:\/\/[^\s"']*github\.com/.test(`${script.text}\n${Object.values(script.variables).join("\n")}`))
    return undefined;
  const told = {
    message: `${named(script)} clones over http: the token goes over the network as it is`,
    remedy: "write https",
  };
  return [told, /http:\/\/[^\s"']*github/];
});

/** A clone over ssh with a token, or over https with a key. */
function otherKeys(inspected: Inspected): Fault[] {
  const { outside, blind } = inspected.home;
  if (blind.length > 0) return [];
  return inspected.workspaces.flatMap((workspace) =>
    workspace.facts.clones.flatMap(({ repository, transport }) => {
      const opens = outside.repositories.find((one) => one.repository === repository)?.opens ?? [];
      const shapes = opens.map((one) => outside.doppler[one]?.shape);
      const wanted = transport === "ssh" ? "ssh-key" : "pat";
      if (shapes.length === 0 || shapes.includes(wanted) || shapes.includes(undefined)) return [];
      return {
        message: `${workspace.facts.name} clones ${repository} over ${transport}, and ${opens.join(", ")} is ${transport === "ssh" ? "no key of ssh's" : "a key of ssh's"}`,
        remedy:
          transport === "ssh"
            ? `write https://github.com/${repository}.git`
            : `write git@github.com:${repository}.git`,
        ...workspace.at(repository),
      };
    }),
  );
}

/** Work that is cloned to where no claim is. */
function besideTheClaim(inspected: Inspected): Fault[] {
  return scriptsIn(inspected)
    .filter(({ isClone }) => isClone)
    .flatMap((script) => {
      const { facts } = script.workspace;
      const target = /\bclone\s+(?:-\S+\s+)*["']?[^\s"']+["']?\s+["']?(\/[^\s"';]+)/.exec(
        withoutWords(script.text),
      )?.[1];
      const moves = [
        ...script.text.matchAll(
          /\b(?:mv|cp|rsync)\s+(?:-[\w-]*\s+)*["']?([^\s"']+?)(?:\/\.?)?["']?\s+["']?([^\s"';]+)/g,
        ),
      ];
      const end = moves.find(([, from]) => from === target)?.[2] ?? target;
      const claims = facts.claims.flatMap(({ mounts }) =>
        mounts.filter(({ container }) => container === script.container.name),
      );
      const isKept = claims.some(({ path }) => end?.startsWith(`${path.replace(/\/$/, "")}/`));
      if (!end?.startsWith("/") || facts.claims.length === 0 || isKept) return [];
      return {
        message: `${named(script)} clones into ${end}, which is on no claim${claims[0] ? "" : ": it mounts none"}`,
        remedy: claims[0]
          ? `clone below ${claims.map(({ path }) => path).join(" or ")}`
          : `mount the claim into container ${script.container.name} (advancedMounts)`,
        ...script.at(cloneLine),
      };
    });
}

/** What makes a clone, and what must not happen to one. */
export const cloneRules = [
  rule({ id: "work-destroyed", title: "no start touches the work", pitfalls: [2], find: destroys }),
  rule({ id: "pulled", title: "no start pulls", pitfalls: [2], find: pulls }),
  rule({
    id: "failure-ignored",
    title: "a clone that fails ends the start",
    pitfalls: [2],
    severity: "warning",
    find: goesOn,
  }),
  rule({ id: "shallow-clone", title: "clones have their history", pitfalls: [2], find: shallow }),
  rule({ id: "one-branch", title: "clones have all branches", pitfalls: [2], find: oneBranch }),
  rule({ id: "clone-in-place", title: "an interrupted clone is no clone", pitfalls: [2], find: inPlace }),
  rule({ id: "host-believed", title: "GitHub proves who it is", pitfalls: [3], find: believes }),
  rule({ id: "clone-in-plain", title: "clones go over TLS", pitfalls: [3], find: plain }),
  rule({ id: "other-credential", title: "the credential is one for the address", find: otherKeys }),
  rule({ id: "clone-not-kept", title: "clones lie on the claim", pitfalls: [8], find: besideTheClaim }),
];
