import { get } from "node:https";
import { text } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";

/** A kind that the API server lists, and the path of that list. */
export interface ListableKind {
  kind: string;
  path: string;
}

const discovery = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().default("") }).default({ name: "" }),
      versions: z.array(
        z.object({
          version: z.string(),
          resources: z
            .array(
              z.object({
                resource: z.string(),
                responseKind: z.object({ kind: z.string() }).optional(),
                verbs: z.array(z.string()),
              }),
            )
            .default([]),
        }),
      ),
    }),
  ),
});

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** The same objects as another kind's: events are in the core group too, and statuses of etcd and others are no objects. */
const twice = new Set(["events.k8s.io/events", "/componentstatuses"]);

/** Every kind with a list, each in the version that the API server prefers. */
export async function listableKinds(config: KubeConfig): Promise<ListableKind[]> {
  const answers = await Promise.all(["/api", "/apis"].map((path) => askApi(config, path, aggregated)));
  return answers.flatMap(kindsIn);
}

/** What an answer of the aggregated discovery says of them. */
export function kindsIn(answer: unknown): ListableKind[] {
  return discovery.parse(answer).items.flatMap(({ metadata: { name: group }, versions }) => {
    const [preferred] = versions;
    if (!preferred) return [];
    const root = group === "" ? `/api/${preferred.version}` : `/apis/${group}/${preferred.version}`;
    return preferred.resources
      .filter(({ resource, verbs }) => verbs.includes("list") && !twice.has(`${group}/${resource}`))
      .map(({ resource, responseKind }) => ({
        kind: responseKind?.kind ?? resource,
        path: `${root}/${resource}`,
      }));
  });
}

/** What the API server answers, as JSON. */
export async function askApi(
  config: KubeConfig,
  path: string,
  accept = "application/json",
): Promise<unknown> {
  const url = new URL(path, config.getCurrentCluster()?.server);
  const options = { headers: { accept } };
  await config.applyToHTTPSOptions(options);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  get(url, options, (response) => {
    text(response).then((body) => {
      if (response.statusCode === 200) resolve(body);
      else reject(new Error(`${path} answered ${response.statusCode}`));
    }, reject);
  }).on("error", reject);
  return JSON.parse(await promise);
}
