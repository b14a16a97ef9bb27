import type { KubeObject } from "./component.ts";

/** A property may itself be called `description`: only those that describe a schema go. */
function withoutDescriptions(node: unknown, isPropertyMap = false): unknown {
  if (Array.isArray(node)) return node.map((item) => withoutDescriptions(item));
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node).filter(
    ([key, value]) => isPropertyMap || key !== "description" || typeof value !== "string",
  );
  return Object.fromEntries(
    kept.map(([key, value]) => [key, withoutDescriptions(value, key === "properties" && !isPropertyMap)]),
  );
}

interface Schema {
  properties?: Record<string, Schema>;
  [keyword: string]: unknown;
}

/** Kinds that only the platform writes, whose schema is a third of what the API server has to take in. */
const platformsOwn = new Set([
  "envoyproxies.gateway.envoyproxy.io",
  "challenges.acme.cert-manager.io",
  "orders.acme.cert-manager.io",
]);
/** The providers that External Secrets is built with here. */
const providers = new Set(["doppler", "fake", "kubernetes", "webhook"]);
const anything: Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/**
 * The definition without what costs the API server time at every start and no run needs: descriptions, the schema of
 * kinds that only the platform writes, and the providers of secret stores that are not there.
 */
export function slimDefinition(original: KubeObject): KubeObject {
  const definition = withoutDescriptions(original) as KubeObject;
  const { versions } = definition.spec as { versions: { schema?: { openAPIV3Schema: Schema } }[] };
  for (const { schema } of versions) {
    const properties = schema?.openAPIV3Schema.properties;
    if (platformsOwn.has(definition.metadata.name)) {
      if (properties?.spec) properties.spec = anything;
      continue;
    }
    const provider = properties?.spec?.properties?.provider;
    if (!/^(cluster)?secretstores\./.test(definition.metadata.name) || !provider?.properties) continue;
    provider.properties = Object.fromEntries(
      Object.entries(provider.properties).filter(([name]) => providers.has(name)),
    );
  }
  return definition;
}
