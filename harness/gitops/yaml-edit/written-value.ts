import {
  type CreateNodeOptions,
  type DocumentOptions,
  Scalar,
  stringify,
  type Tags,
  type ToStringOptions,
} from "yaml";

/** Strings are quoted that any reader of YAML, 1.1 or 1.2, would take for something else. */
const options: DocumentOptions & CreateNodeOptions & ToStringOptions & { customTags: (tags: Tags) => Tags } =
  {
    version: "1.1",
    customTags: (tags) => [...tags, "intOct"],
    lineWidth: 0,
  };

/** One entry of a block collection, for this column: `key: value` or `- value`, and the newline. */
export function writtenEntry(entry: Record<string, unknown> | unknown[], column: number): string {
  return stringify(entry, options).replaceAll(/\n(?=[^\n])/g, `\n${" ".repeat(column)}`);
}

/** What follows `key:` or `-` at this column, without the newline. */
export function writtenValue(value: unknown, column: number): string {
  return writtenEntry({ k: value }, column).slice("k:".length, -"\n".length);
}

/** On one line, as it may stand in brackets; with `isPadded` there are spaces inside of its own. */
export function writtenInline(value: unknown, isPadded = false): string {
  const json = JSON.stringify(value);
  if (json.includes("\\n")) return json;
  const flow = { ...options, collectionStyle: "flow", flowCollectionPadding: isPadded } as const;
  return stringify([value], flow).trim().slice(1, -1).trim();
}

/** The string, quoted or folded as the scalar is that it comes in place of. */
export function likewise(scalar: Scalar, value: unknown): unknown {
  const isText = typeof value === "string" && scalar.type;
  return isText ? Object.assign(new Scalar(value), { type: scalar.type }) : value;
}
