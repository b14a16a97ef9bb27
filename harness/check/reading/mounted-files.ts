import type { V1Container, V1Volume } from "@kubernetes/client-node";
import { externalSecretsIn } from "../../rendering/index.ts";
import type { Inspected, InspectedWorkspace } from "./inspected.ts";
import { keysOf } from "./secret-origins.ts";

/** A Secret or ConfigMap as a container sees it. */
export interface Mounted {
  container: V1Container;
  volume: string;
  /** Of what it comes, for people. */
  of: string;
  path: string;
  subPath: string | undefined;
  /** The files in it; undefined where only the cluster knows. */
  files: string[] | undefined;
  mode: number;
  /** Of those files that have one of their own. */
  modes: Record<string, number>;
}

export function mountsOf(inspected: Inspected, { workload, containers }: InspectedWorkspace): Mounted[] {
  return containers.flatMap(({ container }) =>
    (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath }) => {
      const volume = workload.pod.volumes?.find((one) => one.name === name);
      const source = volume && sourceOf(inspected, workload.namespace, volume);
      return source ? [{ container, volume: name, path: mountPath, subPath, ...source }] : [];
    }),
  );
}

export function sourceOf(
  inspected: Inspected,
  namespace: string,
  { secret, configMap }: V1Volume,
): Pick<Mounted, "of" | "files" | "mode" | "modes"> | undefined {
  const name = secret?.secretName ?? configMap?.name;
  if (name === undefined || secret?.optional || configMap?.optional) return undefined;
  const { items, defaultMode: mode = 0o644 } = secret ?? configMap ?? {};
  const keys = secret
    ? keysOfSecret(inspected, namespace, name)
    : keysOfConfigMap(inspected, namespace, name);
  return {
    of: `${secret ? "Secret" : "ConfigMap"} ${name}`,
    mode,
    modes: Object.fromEntries(
      (items ?? []).flatMap((item) => (item.mode === undefined ? [] : [[item.path, item.mode]])),
    ),
    files: items?.map(({ path }) => path) ?? keys,
  };
}

function keysOfConfigMap({ objects }: Inspected, namespace: string, name: string): string[] | undefined {
  const found = objects.find("ConfigMap", { namespace, name }) as
    | { data?: object; binaryData?: object }
    | undefined;
  return found && Object.keys({ ...found.data, ...found.binaryData });
}

function keysOfSecret({ objects, home }: Inspected, namespace: string, name: string): string[] | undefined {
  const [writer, ...others] = externalSecretsIn(namespace, objects).filter(({ secret }) => secret === name);
  if (!writer || others.length > 0 || home.blind.length > 0) return undefined;
  return keysOf(writer, Object.keys(home.outside.doppler));
}

export const isAmong = (files: readonly string[], path: string) =>
  files.some((file) => file === path || file.startsWith(`${path}/`) || path === `${file}/`);
