import { gunzipSync } from "node:zlib";
import type { AnyObject, Cluster } from "../cluster/index.ts";
import { inController } from "../diagnosis/index.ts";
import { askApi, listableKinds } from "./api-resources.ts";
import { leavesOf } from "./leaves.ts";
import { type Open, readAll, type Watched } from "./place.ts";
import { containerOf } from "./where-to-mend.ts";

const remedy =
  "name the Secret and its key (valueFrom.secretKeyRef, or a mounted Secret) in place of the value: whoever may read this object reads the secret with it";

/**
 * Every object of every kind that the API server lists, events included, with spec, status and metadata; of Secrets all
 * but their data. Helm's stored releases are opened; `kubectl describe` is asked too.
 */
export async function objects(cluster: Cluster, open: Open, { namespaces }: Watched): Promise<void> {
  const kinds = await listableKinds(cluster.config);
  const found = await Promise.all(
    kinds.map(async ({ path, kind }) => {
      const { items = [] } = (await askApi(cluster.config, path)) as { items?: AnyObject[] };
      return items.map((object) => ({ kind, object }));
    }),
  );
  for (const { kind, object } of found.flat()) {
    const { data, ...rest } = object;
    readObject(open, kind, kind === "Secret" ? rest : object);
    if ((object as { type?: string }).type === "helm.sh/release.v1") readRelease(open, object, data);
  }
  await Promise.all(namespaces.map((namespace) => asTold(cluster, open, namespace)));
}

const described = "all,configmaps,secrets,helmreleases,externalsecrets,httproutes";

/**
 * What kubectl tells a person. It describes events too, each with two questions of its own and fifty questions a second: after
 * some scenarios half a minute, in which nothing is told that `kubectl events` does not tell.
 */
async function asTold(cluster: Cluster, open: Open, namespace: string): Promise<void> {
  const asked = [["describe", described], ["events"]];
  await Promise.all(
    asked.map(async (words) => {
      const text = await cluster.kubectl(...words, "--namespace", namespace);
      readAll(open, { name: `kubectl ${words[0]} in namespace ${namespace}`, remedy }, text);
    }),
  );
}

function readObject(open: Open, kind: string, object: AnyObject): void {
  const { name = "", namespace } = object.metadata ?? {};
  const { text, pathAt } = leavesOf(object);
  const named = `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
  const wordFor = (position: number) => `field ${pathAt(position)}`;
  readAll(open, { name: named, wordFor, remedy, look: containerOf(name) }, text);
}

/** A release is kept as base64 of gzip, and as a Secret's data in base64 once more. */
export function readRelease(open: Open, { metadata }: AnyObject, data: Record<string, string> = {}): void {
  const encoded = Buffer.from(data.release ?? "", "base64").toString();
  const release: unknown = JSON.parse(gunzipSync(Buffer.from(encoded, "base64")).toString());
  const { text, pathAt } = leavesOf(release);
  const name = `Helm's stored release ${metadata?.namespace}/${metadata?.name}`;
  const ofRelease = metadata?.name?.replace(/^sh\.helm\.release\.v1\./, "").replace(/\.v\d+$/, "");
  const look = [inController(ofRelease)];
  readAll(open, { name, wordFor: (position) => `field ${pathAt(position)}`, remedy, look }, text);
}
