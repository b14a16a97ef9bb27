/** A schema as OpenAPI 3 of Kubernetes and definitions of kinds have it, as far as it says what an object may be. */
export interface OpenApiSchema {
  $ref?: string;
  type?: string;
  properties?: Record<string, OpenApiSchema>;
  required?: string[];
  items?: OpenApiSchema;
  additionalProperties?: OpenApiSchema | boolean;
  allOf?: OpenApiSchema[];
  anyOf?: OpenApiSchema[];
  oneOf?: OpenApiSchema[];
  not?: OpenApiSchema;
  enum?: unknown[];
  format?: string;
  default?: unknown;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-kubernetes-embedded-resource"?: boolean;
  [keyword: string]: unknown;
}

/** Kinds with their schemas, as a file of fixtures/schemas/ has them. */
export interface KindSchemas {
  /** Module and version that they are read from. */
  from: string;
  /** By apiVersion and kind. */
  kinds: Record<string, Record<string, OpenApiSchema>>;
  /** What the schemas of this file name with `$ref`. */
  definitions?: Record<string, OpenApiSchema>;
}

/** The same schema with each schema in it replaced, the innermost first. */
export function mapSchema(
  schema: OpenApiSchema,
  change: (schema: OpenApiSchema) => OpenApiSchema,
): OpenApiSchema {
  const inner = (one: OpenApiSchema) => mapSchema(one, change);
  const { properties, items, additionalProperties, allOf, anyOf, oneOf, not } = schema;
  return change({
    ...schema,
    ...(properties ? { properties: mapValues(properties, inner) } : {}),
    ...(items ? { items: inner(items) } : {}),
    ...(typeof additionalProperties === "object"
      ? { additionalProperties: inner(additionalProperties) }
      : {}),
    ...(allOf ? { allOf: allOf.map(inner) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(inner) } : {}),
    ...(oneOf ? { oneOf: oneOf.map(inner) } : {}),
    ...(not ? { not: inner(not) } : {}),
  });
}

export function mapValues<V, W>(record: Record<string, V>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
