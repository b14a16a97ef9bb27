import { z } from "zod";
import { silent } from "../../base/index.ts";
import { ensureEngine } from "../../engine/index.ts";

const statsLine = z.object({ MemUsage: z.string() });

/** Bytes that the containers of a run use now, as `docker stats` counts them. */
export async function memoryOfRun(runId: string): Promise<number> {
  const { labelNames } = await import("../../cluster/index.ts"); // late: --help need not load Testcontainers
  const engine = await ensureEngine(silent);
  const lines = async (...args: string[]) => {
    const { stdout } = await engine.docker(args);
    return String(stdout).split("\n").filter(Boolean);
  };
  const ids = await lines("ps", "--quiet", "--filter", `label=${labelNames.run}=${runId}`);
  if (ids.length === 0) return 0;
  const stats = await lines("stats", "--no-stream", "--format", "{{json .}}", ...ids);
  return stats.reduce((sum, line) => sum + parseUsage(statsLine.parse(JSON.parse(line)).MemUsage), 0);
}

const units: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** "285.3MiB / 23.5GiB" → bytes in use. */
export function parseUsage(text: string): number {
  const [, value, unit = ""] = /^([\d.]+)\s*([A-Za-z]+)/.exec(text) ?? [];
  const factor = units[unit];
  if (value === undefined || factor === undefined) throw new RangeError(`docker stats said "${text}"`);
  return Number(value) * factor;
}
