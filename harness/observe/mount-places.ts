import type { V1Pod, V1Secret, V1Volume } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/index.ts";
import { type Open, readAll, type Watched } from "./place.ts";
import { containerOf } from "./where-to-mend.ts";

const remedy =
  "mount each key into the one container that needs it (`persistence.<item>.items` with advancedMounts): what an agent can read it can send away";

/** Every file that a container of a workspace has of a mounted Secret, with the content that it has there. */
export async function mountedSecrets(cluster: Cluster, open: Open, { namespaces }: Watched): Promise<void> {
  await Promise.all(namespaces.map((namespace) => mountedIn(namespace, cluster, open)));
}

async function mountedIn(namespace: string, cluster: Cluster, open: Open): Promise<void> {
  const [pods, secrets] = await Promise.all([
    cluster.objects.all({ apiVersion: "v1", kind: "Pod", namespace }) as Promise<V1Pod[]>,
    cluster.objects.all({ apiVersion: "v1", kind: "Secret", namespace }) as Promise<V1Secret[]>,
  ]);
  for (const { metadata, spec } of pods) {
    const pod = metadata?.name ?? "";
    for (const container of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]) {
      for (const { name, mountPath, subPath } of container.volumeMounts ?? []) {
        const files = filesOf(
          spec?.volumes?.find((volume) => volume.name === name),
          secrets,
        );
        for (const { path, content } of files) {
          if (subPath && subPath !== path) continue;
          const file = subPath ? mountPath : `${mountPath}/${path}`;
          const place = {
            name: `file ${file} in container ${container.name} of pod ${namespace}/${pod}`,
            pod: { namespace, name: pod },
            mount: { container: container.name, file },
            remedy,
            look: containerOf(pod),
          };
          readAll(open, place, content);
        }
      }
    }
  }
}

/** What a volume of Secrets shows: every key of the Secret, or those that its items name. */
function filesOf(volume: V1Volume | undefined, secrets: V1Secret[]): { path: string; content: Buffer }[] {
  const sources = [
    ...(volume?.secret ? [{ name: volume.secret.secretName, items: volume.secret.items }] : []),
    ...(volume?.projected?.sources ?? []).flatMap(({ secret }) => (secret ? [secret] : [])),
  ];
  return sources.flatMap(({ name, items }) => {
    const data = secrets.find(({ metadata }) => metadata?.name === name)?.data ?? {};
    const shown = items ?? Object.keys(data).map((key) => ({ key, path: key }));
    return shown.map(({ key, path }) => ({ path, content: Buffer.from(data[key] ?? "", "base64") }));
  });
}
