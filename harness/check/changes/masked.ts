import { stringify } from "yaml";
import type { RenderedHome } from "../../home/index.ts";
import type { KubeObject } from "../../rendering/index.ts";
import { isRandom, knownTokens, secretName } from "../rules/secrets/literal-secrets.ts";

/** An object before and after a change, as YAML without any secret; undefined on the side where it is not there. */
export interface MaskedPair {
  before: string | undefined;
  after: string | undefined;
}

/** What a home has behind SOPS; that a made up domain is one need not be hidden. */
export function valuesBehindSops({ sops }: Pick<RenderedHome, "sops">): string[] {
  return [...sops.all.values()].filter((value) => !value.endsWith("home.example") && value.length >= 8);
}

const same = "[redacted]";
const marks = { before: "[redacted, before]", after: "[redacted, after]" };
type Side = keyof typeof marks;

/**
 * Both sides as text that anybody may read: values of Secrets, of what is called a secret or looks made by chance, tokens of
 * a known shape, and the values given are replaced. That one has changed is still seen.
 *
 * @param values what must not be shown wherever it stands; shorter ones than 8 characters are words
 */
export async function maskedPair(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  values: Iterable<string>,
): Promise<MaskedPair> {
  const texts = {
    before: before && toYaml(masked(before, after, before.kind === "Secret", "before")),
    after: after && toYaml(masked(after, before, after.kind === "Secret", "after")),
  };
  const found = { before: await tokensIn(texts.before), after: await tokensIn(texts.after) };
  const given = [...values].filter((value) => value.length >= 8);
  const replace = (side: Side) => {
    const other = found[side === "before" ? "after" : "before"];
    const all = [...given, ...found[side]].sort((left, right) => right.length - left.length);
    return all.reduce(
      (text, value) =>
        text?.replaceAll(value, given.includes(value) || other.includes(value) ? same : marks[side]),
      texts[side],
    );
  };
  return { before: replace("before"), after: replace("after") };
}

/** What of an object `maskedPair` would not show, but for tokens, which are known in any text. */
export function secretsIn(object: { kind?: unknown }): string[] {
  return differing(object, masked(object, undefined, object.kind === "Secret", "before"));
}

function differing(value: unknown, shown: unknown): string[] {
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([name, inner]) => differing(inner, at(shown, name)));
  return value === shown ? [] : [String(value)];
}

/** The same object with its keys in order, so that only what differs differs. */
const toYaml = (object: unknown) =>
  stringify(object, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });

/** Tokens whose shape is known. */
export async function tokensIn(text: string | undefined): Promise<string[]> {
  if (text === undefined) return [];
  const messages = await knownTokens(text);
  return messages.map(({ range: [from, to] }) => text.slice(from, to)).filter((token) => token !== "");
}

/** @param isSecret whether all text below is one: it stands in `data` of a Secret */
function masked(value: unknown, other: unknown, isSecret: boolean, side: Side, path: string[] = []): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => masked(item, at(other, index), isSecret, side, [...path, "[]"]));
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([name, inner]) => {
      const own = at(other, name);
      const hides = name === "value" && secretName.test(String(at(value, "name")));
      const next = hides && typeof inner === "string" ? mark(inner, own, side) : undefined;
      return [name, next ?? masked(inner, own, isSecret, side, [...path, name])];
    });
    return Object.fromEntries(entries);
  }
  const inData = isSecret && /^(data|stringData)$/.test(path[0] ?? "");
  if (inData) return mark(value, other, side);
  if (typeof value !== "string") return value;
  return isNamedSecret(path.at(-1) ?? "", value) || isRandom(value) ? mark(value, other, side) : value;
}

const at = (value: unknown, step: string | number): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;

const mark = (value: unknown, other: unknown, side: Side): string =>
  other === undefined || other === value ? same : marks[side];

/** A path, a variable or a template only says where the secret is. */
export function isNamedSecret(name: string, value: string): boolean {
  return secretName.test(name) && value !== "" && !/^(\/|\$|true$|false$|\d$)|\{\{/.test(value);
}
