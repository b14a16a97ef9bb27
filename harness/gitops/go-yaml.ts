import { type DocumentOptions, type ParseOptions, parse, type SchemaOptions, type Tags } from "yaml";

type Tag = Exclude<Tags[number], string>;
export type YamlOptions = ParseOptions & DocumentOptions & SchemaOptions;

/** Dates stay text and `1:30` is no number of base 60; `0o755` is one of base 8, as `0755` is. */
const goTags = (tags: Tags): Tags => [...tags.filter(isKnownToGo).map(withDigit), "intOct"];

function isKnownToGo(tag: Tags[number]): boolean {
  return typeof tag === "string" || (tag.tag !== "tag:yaml.org,2002:timestamp" && formatOf(tag) !== "TIME");
}

/** A point alone, as the path of a Kustomization may be, is no number. */
function withDigit(tag: Tags[number]): Tags[number] {
  if (typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:float" || !("test" in tag)) return tag;
  const { test } = tag;
  const isOfDigits = test?.test("1.5") || test?.test("1.5e3");
  return isOfDigits ? ({ ...tag, test: new RegExp(`(?=[-+]?\\.?\\d)${test?.source}`) } as Tag) : tag;
}

const formatOf = (tag: Tag) => ("format" in tag ? tag.format : undefined);

const booleans: [RegExp, boolean][] = [
  [/^(?:true|True|TRUE)$/, true],
  [/^(?:false|False|FALSE)$/, false],
];

const withPlainBooleans = (tags: Tags): Tags =>
  goTags(tags).map((tag) => {
    if (typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:bool") return tag;
    const [test] = booleans.find(([, value]) => tag.identify?.(value)) ?? [];
    return { ...tag, test } as Tag;
  });

/**
 * How kustomize, and with it Flux, reads a file (go.yaml.in/yaml/v3): YAML 1.2, where `yes` and `on` are words, but with
 * the octal numbers (`0755` is 493) and merge keys of 1.1.
 */
export const manifestYaml: YamlOptions = { version: "1.1", customTags: withPlainBooleans, logLevel: "error" };

/**
 * One document as Flux reads what its substitution has made of it, and Helm its values (sigs.k8s.io/yaml): YAML 1.1,
 * where `yes`, `on` and `n` are booleans too. Throws YAMLParseError.
 */
export const parseApplied = (text: string): unknown =>
  parse(text, { version: "1.1", customTags: goTags, logLevel: "error" });
