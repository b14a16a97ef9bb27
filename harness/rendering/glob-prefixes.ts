/** What one character of a text may be; `*` is any number of any. */
type Token = "*" | ((character: string) => boolean);

const mostSteps = 1e8;

/**
 * How long the prefixes of a text are that a shell pattern matches, the shortest first. All at once, character by character:
 * a pattern of a tree may be one at which an expression that goes back and tries again would be for years.
 */
export function globPrefixes(pattern: string, text: string): number[] {
  const tokens = tokensOf(pattern);
  if (tokens.length * text.length > mostSteps) throw new RangeError("pattern and value are too long");
  const found: number[] = [];
  let [states, length] = [reachable(tokens, [0]), 0];
  if (states.has(tokens.length)) found.push(length);
  for (const character of text) {
    states = reachable(
      tokens,
      [...states].flatMap((state) => next(tokens[state], state, character)),
    );
    length += character.length;
    if (states.has(tokens.length)) found.push(length);
    if (states.size === 0) break;
  }
  return found;
}

/** Of what has matched the tokens before `state`. */
function next(token: Token | undefined, state: number, character: string): number[] {
  if (token === undefined) return [];
  if (token === "*") return [state];
  return token(character) ? [state + 1] : [];
}

/** With those behind a `*`, which may be nothing. */
function reachable(tokens: readonly Token[], states: readonly number[]): Set<number> {
  const all = new Set(states);
  for (const state of all) if (tokens[state] === "*") all.add(state + 1);
  return all;
}

function tokensOf(pattern: string): Token[] {
  return [...pattern.matchAll(/\\(.)|\[(\^?)([^\]]+)\]|./gsu)].map(([token, escaped, negated = "", set]) => {
    if (set !== undefined) {
      const one = new RegExp(`^[${negated}${set.replace(/[\\[\]&|~]/g, "\\$&")}]$`, "su");
      return (character) => one.test(character);
    }
    if (token === "*") return "*";
    if (token === "?") return (character) => character !== "/";
    return (character) => character === (escaped ?? token);
  });
}
