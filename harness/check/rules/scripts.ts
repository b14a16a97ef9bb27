import { posix } from "node:path";
import type { Fault } from "../finding.ts";
import type { Inspected, InspectedWorkspace } from "../inspected.ts";
import { key, type Needle } from "../place.ts";
import { rule } from "../rule.ts";
import { cloneLine, named, type Script, scriptsIn } from "../scripts.ts";

/** One fault for each script that has the text. */
function saying(
  pattern: RegExp,
  needle: Needle,
  told: (script: Script) => Pick<Fault, "message" | "remedy">,
) {
  return (inspected: Inspected): Fault[] =>
    scriptsIn(inspected)
      .filter(({ hasSecret, text }) => hasSecret && pattern.test(text))
      .map((script) => ({ ...told(script), ...script.at(needle) }));
}

const traces = saying(
  /(^|[\s;&|/])(set\s+-[a-wyz]*x|set\s+-o\s+xtrace|(ba)?sh\s+-[a-wyz]*x)/m,
  /set -\w*x|xtrace|sh -\w*x|^\s*- -\w*x/,
  (script) => ({
    message: `${named(script)} traces its script, and with it every secret that a variable or a command has`,
    remedy: "take -x away, and leave set -eu",
  }),
);

const inAddress = saying(
  /:\/\/[^\s"']*\$[^\s@]*[^@\n]{0,80}@|x-access-token:[^\n]{0,120}\$[^\n]{0,120}@/,
  /@/,
  (script) => ({
    message: `${named(script)} puts the token into an address: processes, logs and .git/config show it`,
    remedy: "let git ask a credential helper that reads the mounted file",
  }),
);

const asArgument = saying(/extraheader[=\s][^\n]*(authorization|\$)/i, /extraheader/i, (script) => ({
  message: `${named(script)} hands git the token on its command line`,
  remedy: "let git ask a credential helper that reads the mounted file",
}));

const printed = saying(
  /(^|[\s;&|{(])(env|printenv|export -p|set)\s*($|[;|&})])/m,
  /\b(env|printenv|export -p)\b/,
  (script) => ({
    message: `${named(script)} prints its environment, in which a secret is`,
    remedy: "print the one variable that is of interest",
  }),
);

function leftNetrc(inspected: Inspected): Fault[] {
  return scriptsIn(inspected)
    .filter(({ text }) => />[^\n]*\.netrc/.test(text) && !/\b(rm|shred)\b[^\n]*\.netrc/.test(text))
    .map((script) => ({
      message: `${named(script)} leaves the token in a .netrc`,
      remedy: "remove it when the clone is made (trap 'rm -f ~/.netrc' EXIT), or use a credential helper",
      ...script.at(".netrc"),
    }));
}

function unredacted(inspected: Inspected): Fault[] {
  return scriptsIn(inspected)
    .filter(({ variables }) => /^(0|false|no|off)$/i.test(variables.GIT_TRACE_REDACT ?? ""))
    .map((script) => ({
      message: `${named(script)} lets git's traces show the token (GIT_TRACE_REDACT)`,
      remedy: "leave GIT_TRACE_REDACT out",
      ...script.at(/GIT_TRACE_REDACT/),
    }));
}

function partialClones(inspected: Inspected): Fault[] {
  return scriptsIn(inspected)
    .filter(({ text }) => /\bclone\b[^\n]*\s--filter[ =]/.test(text))
    .map((script) => ({
      message: `${named(script)} makes a partial clone: what it left out is fetched later, when the token is gone`,
      remedy: "clone without --filter",
      ...script.at("--filter"),
    }));
}

/** Whether the repository is cloned once, and only while it is not there. */
function cloneAgain(inspected: Inspected): Fault[] {
  return scriptsIn(inspected)
    .filter(({ isClone }) => isClone)
    .flatMap((script) => {
      const { text } = script;
      const clones = [...text.matchAll(/\bgit\b[^\n]*\sclone\b/g)].length;
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
      if (clones <= Math.max(1, repositories.length)) return [];
      return [{ message: `${named(script)} clones ${clones} times`, remedy: "clone once", ...place }];
    });
}

function loginScripts(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { login, name } = workspace.facts;
    const script = scriptsIn(inspected).find(
      (one) =>
        one.workspace === workspace && login?.how === "written" && one.container.name === login.container,
    );
    if (!script) return [];
    const { text, at } = script;
    const asks = /(\[{1,2}|test)\s+!?\s*-[efs]\s+["']?[^\s"']*auth\.json/.test(text);
    const [condition = ""] =
      /(\[{1,2}|\btest)\s+!?\s*-[efs]\s+["']?[^\s"']*auth\.json.*\n?.*\n?.*/.exec(text) ?? [];
    const compares = /\s!?==?\s|\b(cmp|diff)\b|sum\s+(-c|--check)|\s-nt\s/.test(condition);
    const place = at(/auth\.json/);
    if (!asks) {
      return [
        {
          message: `${named(script)} writes auth.json of ${name} whenever the pod starts, over the tokens that OpenCode renewed`,
          remedy: "write it where none is, and when the Secret has changed",
          ...place,
        },
      ];
    }
    if (!compares) {
      return [
        {
          message: `${named(script)} never writes auth.json again: a new login in Doppler does not reach OpenCode`,
          remedy: "remember the digest of what was written, and write again when the Secret's is another",
          ...place,
        },
      ];
    }
    return [];
  });
}

function openLogin(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const mode = /\bchmod\s+(?:-\w+\s+)?(0?[0-7]{3}|[ugoa]*[+=][rwx]+)\s[^\n]*auth\.json/.exec(
      script.text,
    )?.[1];
    if (mode === undefined || /^0?[0-7]00$/.test(mode) || /^u[+=]/.test(mode)) return [];
    return {
      message: `${named(script)} gives auth.json mode ${mode}: others than OpenCode can read it`,
      remedy: "write chmod 600",
      ...script.at(/chmod[^\n]*auth\.json/),
    };
  });
}

/** OpenCode writes renewed tokens into the file that is there. */
function loginNotWritable(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const mode = /\bchmod\s+(?:-\w+\s+)?0?([0-7])[0-7]{2}\s[^\n]*auth\.json/.exec(script.text)?.[1];
    if (mode === undefined || (Number(mode) & 2) !== 0) return [];
    return {
      message: `${named(script)} makes auth.json read-only: OpenCode cannot renew its tokens`,
      remedy: "write chmod 600",
      ...script.at(/chmod[^\n]*auth\.json/),
    };
  });
}

/** Where a script puts auth.json, and where OpenCode looks for it: both seen from the volume. */
function loginElsewhere(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { facts } = script.workspace;
    if (facts.login?.how !== "written" || facts.login.container !== script.container.name) return [];
    const wanted = placesOnVolume(facts, facts.container, facts.dataDirectory);
    const targets = loginTargets(script.text);
    const found = targets.flatMap((target) => placesOnVolume(facts, script.container.name, target));
    if (wanted.length === 0 || targets.length === 0 || found.some((one) => wanted.includes(one))) return [];
    return {
      message: `${named(script)} puts auth.json into ${targets.join(", ")}, and OpenCode of ${facts.name} reads that of ${facts.dataDirectory}`,
      remedy: `let both be one directory of the volume: ${wanted.join(", ")}`,
      ...script.at(/^\s*cd\s|\b(mv|cp|install|tee)\b.*auth\.json|>.*auth\.json/),
    };
  });
}

/** The directories in which a script leaves auth.json; none where it cannot be told. */
function loginTargets(text: string): string[] {
  const [, from] = /^\s*cd\s+["']?(\/[^\s"'$]+)["']?\s*$/m.exec(text) ?? [];
  const ends = [
    ...text.matchAll(/\b(?:mv|cp|install|tee)\b[^\n]*?\s["']?([^\s"']*auth\.json)["']?\s*(?:$|[;&|)])/gm),
    ...text.matchAll(/>\s*["']?([^\s"']*auth\.json)["']?\s*(?:$|[;&|)])/gm),
  ].map(([, path = ""]) => path);
  const whole = ends.flatMap((path) =>
    path.startsWith("/") ? [path] : from !== undefined && !path.includes("$") ? [posix.join(from, path)] : [],
  );
  return [...new Set(whole.map((path) => posix.dirname(path)))];
}

/** A directory of a container as its claims have it: `claim:path`. */
function placesOnVolume(
  { claims }: InspectedWorkspace["facts"],
  container: string,
  directory: string | undefined,
): string[] {
  if (directory === undefined) return [];
  return claims.flatMap(({ name, mounts }) =>
    mounts
      .filter((mount) => mount.container === container && isAtOrBelow(directory, mount.path))
      .map((mount) => `${name}:${posix.join("/", mount.subPath, posix.relative(mount.path, directory))}`),
  );
}

const isAtOrBelow = (path: string, directory: string) =>
  path === directory || path.startsWith(`${directory.replace(/\/$/, "")}/`);

/** `${x%/*}` and `$(dirname x)` in their place, where x is known. */
function withDirectories({ text, variables }: Script): string {
  return text
    .replaceAll(/\$\{(\w+)%\/\*\}/g, (whole, name: string) =>
      variables[name] ? posix.dirname(variables[name]) : whole,
    )
    .replaceAll(/\$\(dirname ["']?(\/[^\s"')]*)["']?\)/g, (_, path: string) => posix.dirname(path));
}

/** Directories of a claim that the app mounts by subPath, which an init container at its root must have made. */
function unmadeDirectories(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) =>
    workspace.facts.claims.flatMap(({ mounts }) => {
      const roots = mounts.filter(
        ({ container, subPath }) => subPath === "" && workspace.facts.initContainers.includes(container),
      );
      const scripts = scriptsIn(inspected).filter(
        (one) =>
          one.workspace === workspace && roots.some(({ container }) => container === one.container.name),
      );
      if (scripts.length === 0) return [];
      const text = scripts.map(withDirectories).join("\n");
      // Of a script that is not where its command says there is another finding.
      const isThere = ({ text }: Script) =>
        /\n|\bmkdir\b/.test(text.trim()) || !/\/[\w./-]+\.sh\b/.test(text);
      if (!scripts.every(isThere)) return [];
      // Of variables that only the running script knows.
      if (/\b(mkdir|install -d)\b[^\n]*\$/.test(text)) return [];
      const wanted = [...new Set(mounts.map(({ subPath }) => subPath).filter((subPath) => subPath !== ""))];
      const unmade = wanted.filter((subPath) => {
        const directories = roots.map(({ path }) => posix.join(path, subPath));
        return !directories.some((directory) =>
          new RegExp(`\\b(mkdir|install -d)\\b[^\\n]*${directory}\\b`).test(text),
        );
      });
      if (unmade.length === 0) return [];
      return [
        {
          message: `no init container of ${workspace.facts.name} makes ${unmade.join(", ")} on the volume, which OpenCode's container mounts`,
          remedy: `mkdir -p ${unmade.map((one) => posix.join(roots[0]?.path ?? "", one)).join(" ")} first: the kubelet would make them as root's`,
          ...workspace.at(
            key("controllers"),
            scripts[0] ? key(scripts[0].container.name) : "command",
            "set -",
          ),
        },
      ];
    }),
  );
}

function seedScripts({ home }: Inspected): Fault[] {
  const files = [...home.tree.files.keys()].filter((path) => path.endsWith(".sh"));
  return files.flatMap((file) =>
    home.tree
      .text(file)
      .split("\n")
      .flatMap((text, index) => {
        if (!/\bdoppler\s+secrets\s+set\b/.test(text)) return [];
        const place = { file, line: index + 1 };
        const isArgument = /\bset\s+[^<|]*=\s*["']?\$\(|\bset\s+["'][^"']*=\$/.test(text);
        const argument = {
          message: `${posix.basename(file)} hands the login to doppler as an argument: every process can read it`,
          remedy: "let doppler read it from standard input",
          ...place,
        };
        const shown = {
          message: `${posix.basename(file)} shows what doppler prints after a change: the values`,
          remedy: "give --silent, and send the output to /dev/null",
          ...place,
        };
        return [...(isArgument ? [argument] : []), ...(/--silent|>\s*\/dev\/null/.test(text) ? [] : [shown])];
      }),
  );
}

export const scriptRules = [
  rule({
    id: "trace-shows-secret",
    title: "no script traces what it does with a secret",
    pitfalls: [3],
    find: traces,
  }),
  rule({ id: "token-in-address", title: "no token is in an address", pitfalls: [3], find: inAddress }),
  rule({ id: "token-as-argument", title: "no token is on a command line", pitfalls: [3], find: asArgument }),
  rule({
    id: "environment-printed",
    title: "no script prints its environment",
    pitfalls: [3],
    find: printed,
  }),
  rule({ id: "netrc-left", title: "no .netrc stays", pitfalls: [3], find: leftNetrc }),
  rule({ id: "git-trace", title: "git's traces hide the token", pitfalls: [3], find: unredacted }),
  rule({ id: "partial-clone", title: "clones are whole", pitfalls: [2], find: partialClones }),
  rule({ id: "clone-again", title: "a repository is cloned once", pitfalls: [2], find: cloneAgain }),
  rule({
    id: "login-overwritten",
    title: "auth.json is OpenCode's until the Secret changes",
    pitfalls: [10, 11],
    find: loginScripts,
  }),
  rule({ id: "login-readable", title: "auth.json is its owner's alone", pitfalls: [1], find: openLogin }),
  rule({
    id: "login-read-only",
    title: "OpenCode can write auth.json",
    pitfalls: [11],
    find: loginNotWritable,
  }),
  rule({
    id: "login-elsewhere",
    title: "auth.json is put where OpenCode reads it",
    pitfalls: [8],
    find: loginElsewhere,
  }),
  rule({
    id: "directory-unmade",
    title: "each subPath is made before it is mounted",
    pitfalls: [8],
    find: unmadeDirectories,
  }),
  rule({
    id: "seed-script-shows",
    title: "the seed script shows the login to nobody",
    pitfalls: [10],
    find: seedScripts,
  }),
];
