import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { labelNames, labelsOf, silent } from "../../base/index.ts";
import { ensureEngine } from "../../engine/index.ts";

const statsLine = z.object({ MemUsage: z.string() });

/** Bytes that the containers of this very process use now, as `docker stats` counts them. */
export async function memoryNow(): Promise<number> {
  const engine = await ensureEngine(silent);
  const lines = async (...args: string[]) => {
    const { stdout } = await engine.docker(args);
    return String(stdout).split("\n").filter(Boolean);
  };
  const ids = await lines(
    "ps",
    "--quiet",
    "--filter",
    `label=${labelNames.owner}=${labelsOf("")[labelNames.owner]}`,
  );
  if (ids.length === 0) return 0;
  const stats = await lines("stats", "--no-stream", "--format", "{{json .}}", ...ids);
  return stats.reduce((sum, line) => sum + parseUsage(statsLine.parse(JSON.parse(line)).MemUsage), 0);
}

/** Time between two looks at the memory, in milliseconds; a look takes the engine two seconds. */
const lookEveryMs = 5_000;

/** Watches from now on; `end` gives the most bytes that were in use at a time. */
export function memoryPeak(): AsyncDisposable & { end(): Promise<number> } {
  const over = new AbortController();
  const look = async () => {
    let most = 0;
    while (!over.signal.aborted) {
      // A container that goes between two questions fails the look, not the run; the next one follows.
      most = Math.max(most, await memoryNow().catch(() => 0));
      await delay(lookEveryMs, undefined, { signal: over.signal }).catch(() => {});
    }
    return most;
  };
  const watching = look();
  const end = () => {
    over.abort();
    return watching;
  };
  return { end, [Symbol.asyncDispose]: async () => void (await end()) };
}

const units: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** "285.3MiB / 23.5GiB" → bytes in use. */
export function parseUsage(text: string): number {
  const [, value, unit = ""] = /^([\d.]+)\s*([A-Za-z]+)/.exec(text) ?? [];
  const factor = units[unit];
  if (value === undefined || factor === undefined) throw new RangeError(`docker stats said "${text}"`);
  return Number(value) * factor;
}
