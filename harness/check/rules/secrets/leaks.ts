import { posix } from "node:path";
import { escapeRegExp, isAtOrBelow } from "../../../base/index.ts";
import { sealedFiles } from "../../../home/index.ts";
import { readableSecrets } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { plainScript } from "../../reading/plain-script.ts";
import { named, type Script, scriptsIn } from "../../reading/scripts.ts";
import { shownIn } from "../../reading/shown-text.ts";
import { rule } from "../../rule.ts";

/** Files and variables of a container in which a secret is. */
function secretsOf({ workspace, container }: Script): string[] {
  return readableSecrets(workspace.workload, container).flatMap(({ path, variable }) => [
    ...(path === undefined ? [] : [escapeRegExp(path)]),
    ...(variable === undefined ? [] : [`\\$\\{?${escapeRegExp(variable)}\\b`]),
  ]);
}

const bodies = /^\s*(?:function\s+)?(\w+)\s*(?:\(\))?\s*\{\n[\s\S]*?^\s*\}/gm;

/** Without functions that nobody calls, or whose output goes to who asks for it, to a file or to another program. */
const withoutAnswers = (text: string): string =>
  text.replaceAll(bodies, (body, name) => {
    const isAnswer = new RegExp(`(?:\\$\\(|\\x60)\\s*${escapeRegExp(name)}\\b`).test(text);
    const calls = new RegExp(`(?<![^\\s;&|({!])${escapeRegExp(name)}(?![\\w=(-]|\\s*\\()`, "g");
    const lines = text.replace(body, "").split("\n");
    // As if it were a program that shows what it is given.
    const isShown = lines.some((line) =>
      shownIn(line.replaceAll(calls, "cat its-output")).join().includes("its-output"),
    );
    return isShown && !isAnswer ? body : "";
  });

function printed(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const secrets = secretsOf(script);
    const isLogin = script.workspace.facts.login?.container === script.container.name;
    const all = [...secrets, ...(isLogin ? ["\\bauth\\.json\\b(?!\\.)"] : [])];
    if (all.length === 0) return [];
    const secret = new RegExp(all.join("|"));
    // In single quotes and here-documents stands what another program is to run, a credential helper for instance.
    const lines = withoutAnswers(plainScript(script.text)).split("\n");
    // echo says a file's name, and not what is in it.
    const found = lines.find((line) => secret.test(shownIn(line).join(" ")));
    if (found === undefined) return [];
    const [command = ""] = found.trim().split(/\s/);
    return {
      message: `${named(script)} prints a secret (${command} …): everybody who may read logs reads it`,
      remedy: "take the line away, or say that it is there without saying what it is",
      ...script.at(new RegExp(`^\\s*${escapeRegExp(command)}(?!\\w).*(${all.join("|")})`)),
    };
  });
}

/** `--password hunter2`, in a command that stands in Git. */
function inArguments({ workspaces }: Inspected): Fault[] {
  const flag = /^--?(?:[\w-]*-)?(password|passwd|token|secret|pat|api-?key)(?:=(.*))?$/i;
  return workspaces.flatMap(({ facts, containers, at }) =>
    containers.flatMap(({ container: { name, command = [], args = [] } }) => {
      const words = [...command, ...args];
      const found = words.findIndex((word, index) => {
        const [matched, , joined] = flag.exec(word) ?? [];
        const value = joined ?? words[index + 1] ?? "";
        return matched !== undefined && value !== "" && !/^[-$/]/.test(value);
      });
      if (found < 0) return [];
      return {
        message: `container ${name} of ${facts.name} has a secret among its arguments (${words[found]?.split("=")[0]}): Git, the pod and every process show it`,
        remedy: "let it come from a Secret, as a variable or a file, and make a new one",
        ...at(key(name), words[found] ?? ""),
      };
    }),
  );
}

/** The helper by which git itself writes what it has asked for. */
const keeps = /credential\.helper[= ]["']?store\b/;

/** Whether the helper is given a file of a Secret's mount: git reads it there, and can write nothing. */
function isOfSecret({ text, workspace, container }: Script): boolean {
  const [, file] = /credential\.helper[= ]["']?store\s+--file[= ]["']?([^\s"']+)/.exec(text) ?? [];
  return (
    file !== undefined &&
    readableSecrets(workspace.workload, container).some(
      ({ path }) => path !== undefined && isAtOrBelow(file, path),
    )
  );
}

/** What `git credential-store` keeps, in the clear. */
function stored(inspected: Inspected): Fault[] {
  return scriptsIn(inspected)
    .filter(
      (script) =>
        script.hasSecret &&
        (/>[^\n]*\.git-credentials/.test(script.text) || keeps.test(script.text)) &&
        !/\b(rm|shred)\b[^\n]*\.git-credentials/.test(script.text) &&
        !isOfSecret(script),
    )
    .map((script) => ({
      message: `${named(script)} leaves the token in .git-credentials`,
      remedy: "remove it when the clone is made, or use a credential helper that reads the mounted file",
      ...script.at(/\.git-credentials|credential\.helper[= ]["']?store\b/),
    }));
}

/** A token that is copied onto the volume, where agents find it, and backups take it. */
function keptToken(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { workspace, container, text } = script;
    const { login, claims } = workspace.facts;
    const files = readableSecrets(workspace.workload, container).flatMap(({ path, secret, key: of }) =>
      path === undefined || (login?.source?.secret === secret && login.source.key === of) ? [] : [path],
    );
    const mounts = claims.flatMap(({ mounts: all }) =>
      all.filter((mount) => mount.container === container.name),
    );
    const found = files
      .filter((path) => !/auth/.test(path))
      .flatMap((path) => {
        const copied = new RegExp(
          `\\b(?:cp|install)\\s[^\\n]*${escapeRegExp(path)}["']?\\s+["']?([^\\s"';&|]+)|\\bcat\\s+["']?${escapeRegExp(path)}["']?\\s*>\\s*["']?([^\\s"';&|]+)`,
        );
        const [, to, into] = copied.exec(text) ?? [];
        return to === undefined && into === undefined ? [] : [{ path, target: to ?? into ?? "" }];
      })
      .find(({ target }) =>
        mounts.some(({ path: mount }) => target.startsWith(`${mount.replace(/\/$/, "")}/`)),
      );
    if (!found) return [];
    return {
      message: `${named(script)} keeps the secret of ${found.path} on the volume, as ${found.target}: agents find it there, and backups take it`,
      remedy: "read it where it is mounted, and write it nowhere",
      ...script.at(new RegExp(`(cp|install|cat)\\s.*${escapeRegExp(found.path)}`)),
    };
  });
}

/** Files of a generator's Secret that stand in Git as they are. */
function ofOpenFiles(
  { tree }: Inspected["home"],
  file: string,
  { block, start }: { block: readonly string[]; start: number },
): Fault[] {
  const sealed = new Set(sealedFiles(tree));
  return block.flatMap((line, index) => {
    const named = [...line.replace(/(?:^|\s)#.*$/, "").matchAll(/[\w@./-]+/g)].map(([word]) =>
      word.slice(word.indexOf("=") + 1),
    );
    const open = named
      .map((one) => posix.join(posix.dirname(file), one))
      .find((path) => tree.files.has(path) && !sealed.has(path));
    if (open === undefined) return [];
    return {
      message: `secretGenerator makes a Secret of ${posix.basename(open)}, which stands in Git as it is`,
      remedy: "let External Secrets bring what is a secret; what is none belongs into a ConfigMap",
      severity: "warning" as const,
      file,
      line: start + index + 1,
    };
  });
}

/** `secretGenerator` with its values in Git. */
function generated({ home: { tree }, isOurs, home }: Inspected): Fault[] {
  return home.rendered.kustomizations.filter(isOurs).flatMap(({ path }) =>
    [...tree.files.keys()]
      .filter((file) => file.startsWith(`${path}/`) && /\/kustomization\.ya?ml$/.test(file))
      .flatMap((file) => {
        const lines = tree.text(file).split("\n");
        const start = lines.findIndex((line) => /^secretGenerator:/.test(line));
        const length = lines.slice(start + 1).findIndex((line) => /^\w/.test(line));
        const block = start < 0 ? [] : lines.slice(start, length < 0 ? undefined : start + 1 + length);
        const at = block.findIndex((line) => /^\s*(- )?literals:/.test(line));
        if (at < 0) return ofOpenFiles(home, file, { block, start });
        return {
          message: "secretGenerator makes a Secret of literals: its values stand in Git",
          remedy: "take it out of Git, make a new one at its origin, and let External Secrets bring that",
          file,
          line: start + at + 1,
        };
      }),
  );
}

/** Where secrets come to light, beside traces and addresses. */
export const leakRules = [
  rule({ id: "secret-printed", title: "no script prints a secret", pitfalls: [3], find: printed }),
  rule({
    id: "secret-in-arguments",
    title: "no secret is among arguments",
    pitfalls: [3],
    find: inArguments,
  }),
  rule({ id: "credentials-left", title: "no .git-credentials stays", pitfalls: [3], find: stored }),
  rule({ id: "token-kept", title: "no token is copied onto the volume", pitfalls: [3], find: keptToken }),
  rule({ id: "secret-generated", title: "no Secret is made of literals", pitfalls: [3], find: generated }),
];
