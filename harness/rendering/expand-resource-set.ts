import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { helmBinary, Remembered, scratchDirectory } from "../base/index.ts";
import { parseApplied } from "../gitops/index.ts";
import { helmTemplateOf } from "./go-template.ts";
import { runOnItsOwn } from "./on-its-own.ts";
import type { KubeObject } from "./rendered-tree.ts";
import type { ResourceSet } from "./resource-set.ts";

/** Of this process: most edits of a tree leave them as they are. */
const remembered = new Remembered<Promise<string>>(100);

/**
 * The objects that flux-operator would make, by the real helm in place of its template engine. One that several inputs give
 * counts once, one that is switched off not at all.
 *
 * @throws Error with the words of helm, where the templates cannot be rendered
 */
export async function expandResourceSet(set: ResourceSet, signal?: AbortSignal): Promise<KubeObject[]> {
  const text = await remembered.get(JSON.stringify(set), () => rendered(set, signal));
  const objects = text.split(/^---$/m).map((document) => parseApplied(document) as KubeObject | null);
  const made = objects
    .filter((object) => object !== null)
    .filter(({ metadata }) => metadata.annotations?.["fluxcd.controlplane.io/reconcile"] !== "disabled")
    .map((object) => withMetadata(object, set));
  return [
    ...new Map(made.map((object) => [keyOf(object), object] as const).toReversed()).values(),
  ].toReversed();
}

async function rendered(set: ResourceSet, signal?: AbortSignal): Promise<string> {
  const directory = await scratchDirectory("resource-set");
  try {
    const templates = [
      ...set.resources.map((one) => stringify(one, { version: "1.1", lineWidth: 0 })),
      ...set.texts,
    ];
    const files = [...(set.inputs ?? [{}]).keys()].flatMap((index) =>
      templates.map((text) => helmTemplateOf(text, `index .Values.inputs ${index}`)),
    );
    await mkdir(join(directory, "templates"));
    await writeFile(join(directory, "Chart.yaml"), "apiVersion: v2\nname: resource-set\nversion: 0.0.0\n");
    await writeFile(join(directory, "values.yaml"), JSON.stringify({ inputs: set.inputs ?? [{}] }));
    await Promise.all(
      files.map((text, index) => writeFile(join(directory, "templates", `${1000 + index}.yaml`), text)),
    );
    const { text, words } = await runOnItsOwn(
      await helmBinary(),
      ["template", "resource-set", directory],
      directory,
      signal,
    );
    if (text === undefined)
      throw new Error(
        words
          .replace(/^Error: /, "")
          .replaceAll("resource-set/templates/", "template ")
          .trim(),
      );
    return text;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function withMetadata(object: KubeObject, { labels, annotations }: ResourceSet): KubeObject {
  const { metadata } = object;
  const more = (field: "labels" | "annotations", common: Record<string, string>) =>
    Object.keys(common).length > 0 ? { [field]: { ...metadata[field], ...common } } : {};
  return {
    ...object,
    metadata: { ...metadata, ...more("labels", labels), ...more("annotations", annotations) },
  };
}

const keyOf = ({ apiVersion, kind, metadata }: KubeObject) =>
  `${apiVersion.split("/").slice(0, -1)} ${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
