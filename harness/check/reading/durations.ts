/** A duration of Go's (`1h30m`, `250ms`) in seconds; undefined where it is none. */
export function secondsOf(duration: string | undefined): number | undefined {
  const parts = [...(duration ?? "").matchAll(/([\d.]+)(ms|h|m|s)/g)];
  if (parts.length === 0) return undefined;
  const units: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };
  return parts.reduce((sum, [, count, unit = "s"]) => sum + Number(count) * (units[unit] ?? 1), 0);
}
