import { HarnessError } from "../base/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { externalSecretKind, makerOf, syncedOf } from "./external-secret.ts";

export interface PassedInterval {
  /** As it is written. */
  interval: string;
  looksAgain: boolean;
}

const unitsMs: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** A duration as Kubernetes writes it, for instance `1h30m0s`, in milliseconds. */
export function durationMs(text: string): number {
  const parts = [...text.matchAll(/([\d.]+)(ms|h|m|s)/g)];
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (unitsMs[unit] ?? 0), 0);
}

/** Whether External Secrets takes an interval for none: it fetches once, and never again. */
export const isNever = (interval: string): boolean => durationMs(interval) === 0;

/**
 * Whether External Secrets ever looks again at what it has fetched once. What does not has nothing to say while Doppler is
 * away; that it brings no new value either is for the rotation to show.
 */
export function looksAgain(spec: Record<string, unknown> | undefined): boolean {
  const { refreshPolicy = "Periodic", refreshInterval = "1h" } = spec ?? {};
  return refreshPolicy === "Periodic" && !isNever(String(refreshInterval));
}

/**
 * External Secrets decides by the time of its last refresh whether it looks again. That time is put back by the interval,
 * as if so much had passed: nothing is forced, and what never looks again does not now.
 */
export async function letIntervalPass(workspace: DeployedWorkspace): Promise<PassedInterval> {
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
  return { interval, looksAgain: looksAgain(found.spec) };
}
