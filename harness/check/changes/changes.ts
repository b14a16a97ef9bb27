import { type OwnedObject, objectsOf, type RenderedHome } from "../../home/index.ts";
import { diffLines } from "./diff-lines.ts";
import { maskedPair, valuesBehindSops } from "./masked.ts";

/** What a change does to one object that Flux or Helm applies. */
export interface ObjectChange {
  what: "added" | "removed" | "changed";
  kind: string;
  apiVersion: string;
  namespace?: string;
  name: string;
  /** Relative to the tree; missing where kustomize generates it. */
  file?: string;
  /** The Flux Kustomization that applies it. */
  kustomization: { namespace: string; name: string };
  /** Whether a chart that the harness renders makes it. */
  isOfRelease: boolean;
  /** As unified diffs have it, secrets redacted: lines of `@@ … @@`, ` …`, `-…`, `+…`. */
  lines: string[];
}

/** Objects that are not the same in both, by kind and name; of whatever one file gives up another may take. */
export async function changesBetween(before: RenderedHome, after: RenderedHome): Promise<ObjectChange[]> {
  const [old, now] = [byName(before), byName(after)];
  const values = valuesBehindSops(after);
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort();
  const changes: ObjectChange[] = [];
  for (const key of keys) {
    const [was, is] = [old.get(key), now.get(key)];
    const one = is ?? was;
    if (!one || JSON.stringify(was?.object) === JSON.stringify(is?.object)) continue;
    const texts = await maskedPair(was?.object, is?.object, values);
    const lines = diffLines(texts.before ?? "", texts.after ?? "");
    // The same fields in another order.
    if (lines.length > 0)
      changes.push({ ...headOf(one), what: was ? (is ? "changed" : "removed") : "added", lines });
  }
  return changes;
}

function headOf({ object, owner, file, by }: OwnedObject): Omit<ObjectChange, "what" | "lines"> {
  const { apiVersion, kind, metadata } = object;
  return {
    kind,
    apiVersion,
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    ...(file === undefined ? {} : { file }),
    kustomization: { namespace: owner.namespace, name: owner.name },
    isOfRelease: by.release !== undefined,
  };
}

/** An object may stand in another version of its kind and still be the same; of two under one name the last counts. */
function byName({ rendered }: RenderedHome): Map<string, OwnedObject> {
  return new Map(
    objectsOf(rendered).map((one) => {
      const { apiVersion, kind, metadata } = one.object;
      const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
      return [`${metadata.namespace ?? ""} ${kind} ${metadata.name} ${group}`, one];
    }),
  );
}
