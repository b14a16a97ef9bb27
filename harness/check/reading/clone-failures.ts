import { clonings, withoutQuoted } from "./clone-commands.ts";

/** How a script goes on though its clone has failed, or has not ended; undefined where it does not, as far as is seen. */
export function ignoredFailure(text: string): string | undefined {
  const [at] = clonings(text);
  if (at === undefined) return undefined;
  const masked = withoutQuoted(text).replaceAll(/^\s*#.*$/gm, (comment) => " ".repeat(comment.length));
  const switched = [...masked.slice(0, at).matchAll(/\bset\s+([-+])\w*e\w*/g)].at(-1);
  if (switched?.[1] === "+") return "set +e stands before it";
  // The command's own line, and what follows a line's end that is escaped.
  const [command = ""] = /^(?:\\\n|[^\n])*/.exec(masked.slice(at)) ?? [];
  if (/\|\|\s*(?:true\b|:(?=\s|$))/.test(command)) return "whatever comes of it is taken for good (|| true)";
  if (/(?<![&>])&\s*(?:#.*)?$/.test(command) && !/^\s*wait\b/m.test(masked.slice(at)))
    return "it is not waited for (&)";
  if (/(?<!\|)\|(?!\|)/.test(command) && !/pipefail/.test(masked))
    return "what counts is the end of its pipe";
  return undefined;
}
