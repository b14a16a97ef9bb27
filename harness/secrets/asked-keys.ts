import type { V1Secret } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import { externalSecret } from "../diagnosis/index.ts";
import { type AskedKeys, askedKeys, mayFind, readExternalSecrets } from "../rendering/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { externalSecretKind, makerOf } from "./external-secret.ts";
import { namesOf } from "./held-value.ts";
import type { Generations } from "./stage.ts";

/** A key of Doppler's that an ExternalSecret takes. */
export interface AskedKey {
  key: string;
  /** Taken by its name: where Doppler lacks it External Secrets says so. What is only found is then not found. */
  isNamed: boolean;
  /** Keys of the Secret under which its value stands now; none where a template makes something else of it. */
  names: string[];
}

/** Whether these take the key: by its name, or with others. */
export function asks({ keys, finds }: AskedKeys, key: string): boolean {
  return keys.includes(key) || finds.some((find) => mayFind(find, key));
}

/**
 * The keys of Doppler's that the workspace's ExternalSecret asks for as it stands in the cluster: those that it names, in its
 * own order, and then what it finds.
 *
 * @throws HarnessError `failed` where there are none
 */
export async function keysAskedBy(
  workspace: DeployedWorkspace,
  { first, second }: Generations,
): Promise<[AskedKey, ...AskedKey[]]> {
  const { keys, finds } = await askedNow(workspace);
  const secret = await secretNow(workspace);
  const found = Object.keys(first).filter((key) => !keys.includes(key) && asks({ keys, finds }, key));
  const [one, ...others] = [...keys, ...found].map((key) => ({
    key,
    isNamed: keys.includes(key),
    names: [first[key], second[key]].flatMap((value) => (value ? namesOf(value, secret) : [])),
  }));
  if (one) return [one, ...others];
  throw new HarnessError(`the ExternalSecret of ${workspace.name} asks for no key of Doppler's`, {
    code: "failed",
    remedy: "name the keys under data, or find them with dataFrom (pitfall 7)",
    look: [externalSecret(workspace.name, "data")],
  });
}

async function askedNow(workspace: DeployedWorkspace): Promise<AskedKeys> {
  const { cluster, namespace } = workspace;
  const { name } = makerOf(workspace);
  const found = await cluster.objects.find({ ...externalSecretKind, namespace, name });
  const [live] = readExternalSecrets([{ ...externalSecretKind, metadata: { name }, spec: found?.spec }]);
  if (live) return askedKeys(live.spec);
  throw new HarnessError(`there is no ExternalSecret ${namespace}/${name}`, { code: "failed" });
}

async function secretNow(workspace: DeployedWorkspace): Promise<Record<string, string>> {
  const { cluster, namespace } = workspace;
  const { secret: name } = makerOf(workspace);
  const found = await cluster.objects.find({ apiVersion: "v1", kind: "Secret", namespace, name });
  const { data = {} } = (found ?? {}) as V1Secret;
  return Object.fromEntries(
    Object.entries(data).map(([key, encoded]) => [key, Buffer.from(encoded, "base64").toString()]),
  );
}
