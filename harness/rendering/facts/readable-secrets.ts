import { posix } from "node:path";
import type { V1Container, V1KeyToPath, V1Volume } from "@kubernetes/client-node";
import type { SecretKey } from "../workspace-facts.ts";
import type { Workload } from "./workload.ts";

/** A key of a Secret that a container may read, and how. */
export interface ReadableSecret extends SecretKey {
  /** The environment variable; of `envFrom` without a name, since that takes all keys. */
  variable?: string;
  /** The file, or the directory where the whole Secret is mounted. */
  path?: string;
}

/** Every Secret that a container gets, by environment or by mount. */
export function readableSecrets(workload: Pick<Workload, "pod">, container: V1Container): ReadableSecret[] {
  const variables = (container.env ?? []).flatMap(({ name, valueFrom }) => {
    const { name: secret, key } = valueFrom?.secretKeyRef ?? {};
    return secret && key ? [{ secret, key, variable: name }] : [];
  });
  const wholes = (container.envFrom ?? []).flatMap(({ secretRef }) =>
    secretRef?.name ? [{ secret: secretRef.name }] : [],
  );
  return [...variables, ...wholes, ...mountedSecrets(workload, container)];
}

/** The Secrets that a container mounts, each file by itself where the manifest names it. */
export function mountedSecrets({ pod }: Pick<Workload, "pod">, container: V1Container): ReadableSecret[] {
  return (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath }) => {
    const volume = pod.volumes?.find((candidate) => candidate.name === name);
    const files = secretFiles(volume);
    if (!subPath) return files.map((file) => placed(file, mountPath, file.file));
    const named = files.find(({ file }) => file === subPath);
    if (named) return [placed(named, mountPath)];
    return files
      .filter(({ file }) => file === undefined)
      .map((whole) => placed({ ...whole, key: subPath }, mountPath));
  });
}

interface SecretFile extends SecretKey {
  file?: string;
}

function secretFiles(volume: V1Volume | undefined): SecretFile[] {
  const sources = [
    ...(volume?.secret ? [{ secret: volume.secret.secretName, items: volume.secret.items }] : []),
    ...(volume?.projected?.sources ?? []).flatMap(({ secret }) =>
      secret ? [{ secret: secret.name, items: secret.items }] : [],
    ),
  ];
  return sources.flatMap(({ secret, items }) => {
    if (!secret) return [];
    return items ? items.map(({ key, path }: V1KeyToPath) => ({ secret, key, file: path })) : [{ secret }];
  });
}

function placed({ file: _, ...secret }: SecretFile, mountPath: string, file = ""): ReadableSecret {
  return { ...secret, path: posix.join(mountPath, file) };
}
