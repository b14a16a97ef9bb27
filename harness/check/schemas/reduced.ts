import { mapSchema, mapValues, type OpenApiSchema } from "./open-api.ts";

/** What says something about an object that a person writes; the rest describes, or is for the API server's own work. */
const kept = new Set([
  "$ref",
  "type",
  "properties",
  "required",
  "items",
  "additionalProperties",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "enum",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "multipleOf",
  "x-kubernetes-int-or-string",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-embedded-resource",
]);

/** What counts as a default: an object is judged after it has been given those. */
export type IsDefault = (value: unknown) => boolean;

/** Of a definition of a kind, every one. */
export const anyDefault: IsDefault = (value) => value !== undefined;

/** Kubernetes' own documents call the empty value of Go's type a default, though what is required must not be empty. */
export const fullDefault: IsDefault = (value) =>
  Boolean(value) && (typeof value !== "object" || Object.keys(value as object).length > 0);

/** A schema without descriptions and defaults. */
export function reduced(schema: OpenApiSchema, isDefault: IsDefault): OpenApiSchema {
  return withoutDefault(mapSchema(schema, (one) => reducedHere(one, isDefault)));
}

/** The same of a kind: nobody writes its `status`. */
export function reducedKind({ properties, ...schema }: OpenApiSchema, isDefault: IsDefault): OpenApiSchema {
  const { status, ...written } = properties ?? {};
  return reduced({ ...schema, properties: { ...written, ...(status ? { status: {} } : {}) } }, isDefault);
}

/** A default stays until the schema around it has been reduced: that must know what is never missing. */
function reducedHere(schema: OpenApiSchema, isDefault: IsDefault): OpenApiSchema {
  const required = schema.required?.filter((name) => !isDefault(schema.properties?.[name]?.default));
  const { properties, default: given } = schema;
  const rest = given === undefined ? {} : { default: given };
  const [only, ...others] = schema.allOf ?? [];
  if (only?.$ref && others.length === 0) return { $ref: only.$ref, ...rest };
  const own = Object.entries(schema).filter(([name]) => kept.has(name));
  return {
    ...Object.fromEntries(own),
    ...(schema.format === "int-or-string" ? { "x-kubernetes-int-or-string": true } : {}),
    ...(properties ? { properties: mapValues(properties, withoutDefault) } : {}),
    ...(required ? { required } : {}),
    ...rest,
  };
}

const withoutDefault = ({ default: _, ...schema }: OpenApiSchema): OpenApiSchema => schema;
