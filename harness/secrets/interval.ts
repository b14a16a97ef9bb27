import { HarnessError } from "../base/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { externalSecretKind, makerOf, syncedOf } from "./external-secret.ts";

const unitsMs: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** A duration as Kubernetes writes it, for instance `1h30m0s`, in milliseconds. */
export function durationMs(text: string): number {
  const parts = [...text.matchAll(/([\d.]+)(ms|h|m|s)/g)];
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (unitsMs[unit] ?? 0), 0);
}

/**
 * External Secrets decides by the time of its last refresh whether it looks again. That time is put back by the interval,
 * as if so much had passed: nothing is forced, and what never looks again does not now. Returns the interval as it is
 * written.
 */
export async function letIntervalPass(workspace: DeployedWorkspace): Promise<string> {
  const { cluster, namespace } = workspace;
  const { name } = makerOf(workspace);
  const found = await cluster.objects.find({ ...externalSecretKind, namespace, name });
  if (!found) throw new HarnessError(`there is no ExternalSecret ${namespace}/${name}`, { code: "failed" });
  const interval = String(found.spec?.refreshInterval ?? "1h");
  const { refreshedAt } = syncedOf(found);
  const refreshTime = new Date(refreshedAt - durationMs(interval) - 1_000).toISOString();
  await cluster.objects.mergeStatus({
    ...externalSecretKind,
    metadata: { name, namespace },
    status: { refreshTime: refreshTime.replace(/\.\d+Z$/, "Z") },
  });
  return interval;
}
