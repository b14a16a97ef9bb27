import { type Schema, type ValidationError, Validator } from "jsonschema";
import type { KubeObject } from "../../rendering/index.ts";
import { mapValues } from "./open-api.ts";
import { type KnownKind, knownKind, kubernetes, schemasOf } from "./schemas.ts";
import { strict } from "./strict.ts";

/** What the API server would say against an object. */
export interface Trouble {
  what: "unknown field" | "missing field" | "wrong value";
  /** The field from the object's root, items by their number; of what is missing the field that should be there. */
  path: (string | number)[];
  /** What the value must be; no value of the object is among it. */
  words: string;
  /** Names, or values, that are possible in the place. */
  known: string[];
}

type Unknown = Exclude<KnownKind, { state: "served" }>;
export type Judged = { kind: Unknown } | { from: string; troubles: Trouble[] };

/** Judges an object by the schema of its kind; a field that is `null` counts as not there. */
export function validate(object: KubeObject): Judged {
  const kind = knownKind(object.apiVersion, object.kind);
  if (kind.state !== "served") return { kind };
  const { errors } = validator.validate(withoutNulls(object), addressOf(object, kind));
  return { from: kind.from, troubles: errors.map(troubleOf) };
}

/** One that interprets: schemas of whole pods take longer to compile than all objects of a home take to be judged. */
const validator = new Validator();
const address = (name: string) => `schemas:/${name}`;
const objectMeta = `${address(kubernetes)}#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta`;

/** A schema that leads to the kind's; what the validator is given anew it reads through every time. */
function addressOf(
  { apiVersion, kind }: KubeObject,
  { schema }: Extract<KnownKind, { state: "served" }>,
): Schema {
  if (!validator.schemas[address(kubernetes)]) {
    const definitions = mapValues(schemasOf(kubernetes)?.definitions ?? {}, strict);
    validator.addSchema({ definitions }, address(kubernetes));
  }
  const own = schema.$ref ? `${address(kubernetes)}${schema.$ref}` : address(`${apiVersion}/${kind}`);
  if (!schema.$ref && !validator.schemas[own]) {
    const properties = { apiVersion: {}, kind: {}, ...schema.properties, metadata: { $ref: objectMeta } };
    validator.addSchema(strict({ ...schema, properties }), own);
  }
  return { $ref: own };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(entries.map(([name, one]) => [name, withoutNulls(one)]));
}

function troubleOf({ name, path, argument, schema, message }: ValidationError): Trouble {
  const { properties = {}, enum: allowed = [] } = (typeof schema === "object" ? schema : {}) as Schema;
  const known = Object.keys(properties);
  if (name === "additionalProperties")
    return { what: "unknown field", path: [...path, argument], words: "", known };
  if (name === "required") return { what: "missing field", path: [...path, argument], words: "", known };
  const values = allowed.map(String);
  if (name === "enum") return { what: "wrong value", path, words: `must be ${list(values)}`, known: values };
  if (name === "type")
    return { what: "wrong value", path, words: `must be of type ${list(argument)}`, known };
  const isChoice = /^(oneOf|anyOf|allOf|not)$/.test(name);
  return { what: "wrong value", path, words: isChoice ? choiceOf(schema) : message, known: [] };
}

const list = (names: unknown): string => [names].flat().join(" or ");

/** Alternatives say which fields go together. */
function choiceOf(schema: string | Schema): string {
  const { oneOf = [], anyOf = [] } = typeof schema === "object" ? schema : {};
  const names = new Set([...oneOf, ...anyOf].flatMap(({ required = [] }) => list(required).split(" or ")));
  names.delete("false");
  return names.size > 0
    ? `must have one of ${[...names].filter(Boolean).join(", ")}, or a combination of them that goes together`
    : "has fields that do not go together, or lacks one";
}
