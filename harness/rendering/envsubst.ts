import { globPrefixes } from "./glob-prefixes.ts";

const mostCharacters = 2 ** 24;

/** What Flux answers to a `${` that it cannot read; the whole Kustomization is not applied then. */
export class BadSubstitution extends Error {}

export interface Substituted {
  text: string;
  /** Variables that have no value and no default: nothing stands in their place. */
  blanked: string[];
}

/**
 * Substitutes as Flux's `postBuild` does: its envsubst has bash's forms with a colon (`${A:-b}`, `${A:=b}`), `${A=b}`,
 * `${A^^}`, `${A:0:3}`, `${#A}`, `${A#x}`, `${A%x}`, `${A/x/y}` and their doubles, nested defaults, and `$$` for a
 * dollar sign anywhere. A dollar sign without a brace is text. Written after the documented behaviour of
 * github.com/fluxcd/pkg/envsubst 1.5.0, and compared with it.
 *
 * @throws BadSubstitution with its words: `${A-b}`, `${@}` and `${list[0]}` are none of its forms
 */
export function envsubst(text: string, lookUp: (name: string) => string | undefined): Substituted {
  const blanked = new Set<string>();
  const parts = new Parser(text).parse();
  const evaluate = (part: Part): string => {
    if (typeof part === "string") return part;
    const value = lookUp(part.name);
    const hasDefault = /^:?=$|^:[-?+]$/.test(part.operator);
    if (value === undefined && !hasDefault) blanked.add(part.name);
    if (hasDefault) return value || part.parameters.map(evaluate).join("");
    return transform(part.operator, value ?? "", part.parameters.map(evaluate));
  };
  let made = "";
  for (const part of parts) {
    made += evaluate(part);
    // No object of Kubernetes is so large, and a few variables that are made of each other can be larger than a machine.
    if (made.length > mostCharacters) fail(`it makes more than ${mostCharacters / 2 ** 20} MiB`);
  }
  return { text: made, blanked: [...blanked] };
}

interface Expansion {
  name: string;
  operator: string;
  parameters: Part[];
}
type Part = string | Expansion;

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Part[] {
    const parts: Part[] = [];
    while (this.#at < this.#text.length) {
      const next = this.#text.indexOf("$", this.#at);
      const end = next === -1 ? this.#text.length : next;
      if (end > this.#at) parts.push(this.#text.slice(this.#at, end));
      this.#at = end;
      if (this.#take("${")) parts.push(this.#expansion());
      else if (this.#take("$$") || this.#take("$")) parts.push("$");
    }
    return parts;
  }

  /** After its opening brace. */
  #expansion(): Expansion {
    if (this.#take("#")) {
      const name = this.#run(identifier) || fail("bad substitution");
      return this.#closed({ name, operator: "length", parameters: [] });
    }
    const name = this.#run(identifier) || fail("unable to parse variable name");
    const operator = this.#operator();
    if (operator === undefined) {
      if (!this.#take("}")) fail("missing closing brace");
      return { name, operator: "", parameters: [] };
    }
    return this.#closed({ name, operator, parameters: this.#parameters(operator) });
  }

  #operator(): string | undefined {
    const [operator] = /^(?::[-=?+]|:|=|[,^]{1,2}|\/[/#%]?|#{1,2}|%{1,2})/.exec(this.#rest(2)) ?? [];
    if (operator) this.#at += operator.length;
    return operator;
  }

  #parameters(operator: string): Part[] {
    if (/^[,^]/.test(operator)) return [];
    if (operator === ":") return this.#offsetAndLength();
    if (operator.startsWith("/")) return this.#patternAndReplacement();
    if (/^[#%]/.test(operator)) return [this.#parameter("}")];
    const parts: Part[] = [];
    while (this.#rest(1) !== "}") parts.push(this.#parameter("}"));
    return parts;
  }

  #offsetAndLength(): Part[] {
    const offset = this.#parameter(":}");
    if (this.#rest(1) === "}") return [offset];
    if (!this.#run(/:/)) fail("bad substitution");
    return [offset, this.#parameter("}")];
  }

  #patternAndReplacement(): Part[] {
    const pattern = this.#parameter("/", true);
    if (!this.#run(/\//)) fail("bad substitution");
    return this.#rest(1) === "}" ? [pattern] : [pattern, this.#parameter("}", true)];
  }

  /** One text or one expansion; of text at least a character. */
  #parameter(ends: string, hasEscapes = false): Part {
    if (this.#take("${")) return this.#expansion();
    let text = "";
    while (this.#at < this.#text.length && this.#rest(2) !== "${") {
      const escaped = hasEscapes && /^(?:\$\$|\\[/\\])$/.test(this.#rest(2));
      if (escaped) this.#at += 1;
      else if (ends.includes(this.#rest(1))) break;
      text += this.#text[this.#at++];
    }
    return text || fail("unable to parse substitution within function");
  }

  #closed(expansion: Expansion): Expansion {
    return this.#take("}") ? expansion : fail("bad substitution");
  }

  #run(characters: RegExp): string {
    const start = this.#at;
    while (this.#at < this.#text.length && characters.test(this.#rest(1))) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #rest(length: number): string {
    return this.#text.slice(this.#at, this.#at + length);
  }
}

const identifier = /[\p{L}\p{Nd}_]/u;

function fail(what: string): never {
  throw new BadSubstitution(what);
}

function transform(operator: string, value: string, [first = "", second = ""]: string[]): string {
  const transforms: Record<string, () => string> = {
    length: () => String(Buffer.byteLength(value)),
    ",": () => value.slice(0, 1).toLowerCase() + value.slice(1),
    ",,": () => value.toLowerCase(),
    "^": () => value.slice(0, 1).toUpperCase() + value.slice(1),
    "^^": () => value.toUpperCase(),
    ":": () => substring(value, first, second),
    "#": () => value.slice(matchedPrefix(value, first, "shortest")),
    "##": () => value.slice(matchedPrefix(value, first, "longest")),
    "%": () => reversed(reversed(value).slice(matchedPrefix(reversed(value), reversed(first), "shortest"))),
    "%%": () => reversed(reversed(value).slice(matchedPrefix(reversed(value), reversed(first), "longest"))),
    "/": () => value.replace(first, () => second),
    "//": () => value.replaceAll(first, () => second),
    "/#": () => (value.startsWith(first) ? second + value.slice(first.length) : value),
    "/%": () => (value.endsWith(first) ? value.slice(0, value.length - first.length) + second : value),
  };
  return transforms[operator]?.() ?? value;
}

/** What is no number leaves the value as it is. */
function substring(value: string, offset: string, length: string): string {
  const isNumber = /^[-+]?\d+$/;
  if (!isNumber.test(offset) || (length !== "" && !isNumber.test(length))) return value;
  const start = Number(offset) < 0 ? Math.max(0, value.length + Number(offset)) : Number(offset);
  return length === "" ? value.slice(start) : value.slice(start, Math.max(start, start + Number(length)));
}

/** Length of the prefix, of one character at least, that the shell pattern matches; 0 if none does. */
function matchedPrefix(value: string, pattern: string, wanted: "shortest" | "longest"): number {
  const lengths = globPrefixes(pattern, value).filter((length) => length > 0);
  return (wanted === "shortest" ? lengths[0] : lengths.at(-1)) ?? 0;
}

const reversed = (text: string): string => [...text].reverse().join("");
