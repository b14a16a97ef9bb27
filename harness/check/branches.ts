/** What a shell does where a condition holds: the lines from `then` to the `else`, `elif` or `fi` that belongs to it. */
export function branchOf(text: string, condition: RegExp): string | undefined {
  const match = condition.exec(text);
  if (!match) return undefined;
  const rest = text.slice(match.index + match[0].length);
  const start = /\bthen\b/.exec(rest);
  if (!start) return undefined;
  const words = rest.slice(start.index + start[0].length).matchAll(/(?<![^\s;])(if|fi|else|elif)(?![^\s;])/g);
  let depth = 0;
  const body = rest.slice(start.index + start[0].length);
  for (const { 1: word, index } of words) {
    if (depth === 0 && word !== "if") return body.slice(0, index);
    if (word === "if") depth += 1;
    if (word === "fi") depth -= 1;
  }
  return body;
}
