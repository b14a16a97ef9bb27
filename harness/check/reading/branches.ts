/** From and to, as places of a text. */
export interface Stretch {
  from: number;
  to: number;
}

/** What a shell does where a condition holds, and where it does not, up to the `fi` that belongs to it. */
export interface Branches {
  yes: Stretch;
  /** From its `else` or `elif`; undefined where it has none. */
  no: Stretch | undefined;
}

/** The branches of the first question of a text that is like this. */
export function branchesOf(text: string, condition: RegExp): Branches | undefined {
  const match = condition.exec(text);
  if (!match) return undefined;
  const asked = match.index + match[0].length;
  const start = /\bthen\b/.exec(text.slice(asked));
  if (!start) return undefined;
  const from = asked + start.index + start[0].length;
  const words = text.slice(from).matchAll(/(?<![^\s;])(if|fi|else|elif)(?![^\s;])/g);
  let depth = 0;
  let middle: number | undefined;
  for (const { 1: word, index } of words) {
    const at = from + index;
    if (depth === 0 && word === "fi")
      return {
        yes: { from, to: middle ?? at },
        no: middle === undefined ? undefined : { from: middle, to: at },
      };
    if (depth === 0 && word !== "if") middle ??= at;
    if (word === "if") depth += 1;
    if (word === "fi") depth -= 1;
  }
  return { yes: { from, to: middle ?? text.length }, no: undefined };
}

/** What a shell does where a condition holds: the lines from `then` to the `else`, `elif` or `fi` that belongs to it. */
export function branchOf(text: string, condition: RegExp): string | undefined {
  const { yes } = branchesOf(text, condition) ?? {};
  return yes && text.slice(yes.from, yes.to);
}
