import { posix } from "node:path";
import { stringify } from "yaml";
import { parseApplied } from "../gitops/index.ts";
import { BadSubstitution, envsubst } from "./envsubst.ts";
import type { KustomizationObject } from "./kustomization-object.ts";
import type { KubeObject, RenderedObject } from "./rendered-tree.ts";
import { decrypted, isEncrypted, type SecretValue } from "./sops.ts";

const originAnnotation = "config.kubernetes.io/origin";
const substituteSwitch = "kustomize.toolkit.fluxcd.io/substitute";
const variableName = /^[_a-zA-Z][_a-zA-Z0-9]*$/;

/** An object after Flux's own work on it. */
export interface PostBuilt extends RenderedObject {
  /** Variables without a value or a default. */
  blanked: string[];
  /** Why Flux stops here, in its words. */
  failure?: string;
}

/**
 * What Flux does with each object that kustomize has made, in its order: decryption, substitution in the object's YAML
 * text (so that a value may become a number), common labels and annotations.
 *
 * @param text what kustomize printed
 * @param directory that it was built in
 */
export function postBuild(
  text: string,
  directory: string,
  kustomization: KustomizationObject,
  values: Record<string, string>,
  secretValue?: SecretValue,
): PostBuilt[] {
  const texts = text.split(/^---\n/m).filter((document) => document.trim() !== "");
  return texts.map((document) => {
    const built = fromKustomize(document, kustomization, secretValue);
    const done = substituted(built, kustomization, values);
    const { file, object } = withoutOrigin(done.object, directory);
    const { failure = built.failure, blanked } = done;
    return {
      object: withCommonMetadata(object, kustomization),
      by: {},
      blanked,
      ...(file === undefined ? {} : { file }),
      ...(failure === undefined ? {} : { failure }),
    };
  });
}

interface Built {
  text: string;
  object: KubeObject;
  failure?: string;
}

function fromKustomize(text: string, { spec }: KustomizationObject, secretValue?: SecretValue): Built {
  const object = parseApplied(text) as KubeObject;
  if (!isEncrypted(object)) return { text, object };
  if (spec.decryption?.provider !== "sops") {
    const { kind, metadata } = object;
    const failure = `${kind}/${metadata.namespace ?? ""}/${metadata.name} is SOPS encrypted, configuring decryption is required for this secret to be reconciled`;
    return { text, object, failure };
  }
  const open = decrypted(object, secretValue);
  return { text: stringify(open, { version: "1.1", lineWidth: 0 }), object: open };
}

interface Done {
  object: KubeObject;
  blanked: string[];
  failure?: string;
}

function substituted(
  { text, object }: Built,
  { spec }: KustomizationObject,
  values: Record<string, string>,
): Done {
  const { labels, annotations, name } = object.metadata;
  const isOff = [labels, annotations].some((map) => map?.[substituteSwitch] === "disabled");
  if (!spec.postBuild || isOff || Object.keys(values).length === 0) return { object, blanked: [] };
  const stopped = (why: string) => ({
    object,
    blanked: [],
    failure: `post build failed for '${object.kind}/${name}': envsubst error: ${why}`,
  });
  const wrong = Object.keys(values).find((variable) => !variableName.test(variable));
  if (wrong !== undefined)
    return stopped(`'${wrong}' var name is invalid, must match '${variableName.source}'`);
  if (!text.includes("$")) return { object, blanked: [] };
  try {
    const result = envsubst(text, (variable) =>
      Object.hasOwn(values, variable) ? values[variable] : undefined,
    );
    return { object: parseApplied(result.text) as KubeObject, blanked: result.blanked };
  } catch (error) {
    if (error instanceof BadSubstitution) return stopped(`variable substitution failed: ${error.message}`);
    return stopped(`YAMLToJSON: ${(error as Error).message}`);
  }
}

/** Takes off the annotation that says where kustomize has found it. */
function withoutOrigin(object: KubeObject, directory: string): { object: KubeObject; file?: string } {
  const { annotations = {}, ...metadata } = object.metadata;
  const { [originAnnotation]: origin, ...others } = annotations;
  if (origin === undefined) return { object };
  const path = (parseApplied(origin) as { path?: string }).path;
  const kept = Object.keys(others).length > 0 ? { annotations: others } : {};
  return {
    object: { ...object, metadata: { ...metadata, ...kept } },
    ...(path === undefined ? {} : { file: posix.join(directory, path) }),
  };
}

function withCommonMetadata(object: KubeObject, { spec }: KustomizationObject): KubeObject {
  const { labels, annotations } = spec.commonMetadata ?? {};
  if (!labels && !annotations) return object;
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(labels ? { labels: { ...metadata.labels, ...labels } } : {}),
      ...(annotations ? { annotations: { ...metadata.annotations, ...annotations } } : {}),
    },
  };
}
