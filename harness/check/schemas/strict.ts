import { mapValues, type OpenApiSchema } from "./open-api.ts";

/** JSON Schema that takes what the API server takes with strict field validation: a field that it does not name is an error. */
export function strict(schema: OpenApiSchema): Record<string, unknown> {
  if (schema.$ref) return { $ref: schema.$ref };
  const { properties, items, additionalProperties, oneOf, ...rest } = schema;
  if (schema["x-kubernetes-int-or-string"]) return { ...rest, type: ["integer", "string"] };
  const isOpen = schema["x-kubernetes-preserve-unknown-fields"] === true;
  const known = schema["x-kubernetes-embedded-resource"] ? { ...anyObject, ...properties } : properties;
  return {
    ...rest,
    ...(oneOf ? { oneOf } : {}),
    ...(known ? { properties: mapValues(known, strict) } : {}),
    ...(items ? { items: strict(items) } : {}),
    ...(typeof additionalProperties === "object"
      ? { additionalProperties: strict(additionalProperties) }
      : known && additionalProperties === undefined && !isOpen
        ? { additionalProperties: false }
        : {}),
  };
}

const anyObject: Record<string, OpenApiSchema> = { apiVersion: {}, kind: {}, metadata: {} };
