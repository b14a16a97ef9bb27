import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkoutDir } from "../../base/index.ts";
import type { KindSchemas, OpenApiSchema } from "./open-api.ts";

/** Made by make.ts of the modules that the platform is built from; a file for each group, one for Kubernetes itself. */
export const schemaDirectory = join(checkoutDir, "fixtures/schemas");

/** What the platform says of a kind. */
export type KnownKind =
  | { state: "served"; schema: OpenApiSchema; from: string; file: string }
  /** It has the kind in other versions only. */
  | { state: "other version"; versions: string[]; from: string }
  | { state: "unknown" };

const read = new Map<string, KindSchemas | undefined>();

/** The file of this name, read once; undefined where there is none. */
export function schemasOf(file: string): KindSchemas | undefined {
  if (!read.has(file)) read.set(file, readSchemas(file));
  return read.get(file);
}

function readSchemas(file: string): KindSchemas | undefined {
  if (!/^[a-z0-9.-]+$/.test(file)) return undefined; // the group of an object of anybody's
  try {
    return JSON.parse(readFileSync(join(schemaDirectory, `${file}.json`), "utf8")) as KindSchemas;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export const kubernetes = "kubernetes";

/** The schema of a kind in the version that the platform runs. */
export function knownKind(apiVersion: unknown, kind: unknown): KnownKind {
  if (typeof apiVersion !== "string" || typeof kind !== "string") return { state: "unknown" };
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.lastIndexOf("/")) : "";
  const file = schemasOf(group) ? group : kubernetes;
  const { kinds, from } = schemasOf(file) ?? { kinds: {}, from: "" };
  const ofVersion = (version: string): Record<string, OpenApiSchema> =>
    Object.hasOwn(kinds, version) ? (kinds[version] ?? {}) : {};
  const schema = Object.hasOwn(ofVersion(apiVersion), kind) ? ofVersion(apiVersion)[kind] : undefined;
  if (schema) return { state: "served", schema, from, file };
  const versions = Object.keys(kinds).filter(
    (one) => Object.hasOwn(ofVersion(one), kind) && one.slice(0, Math.max(0, one.lastIndexOf("/"))) === group,
  );
  return versions.length > 0 ? { state: "other version", versions, from } : { state: "unknown" };
}
