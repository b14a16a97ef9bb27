import { resolve } from "node:path";
import { exitCodes } from "../base/index.ts";
import { formatTable, type Paint, paintFor, toJson, writeRedacted } from "../report/index.ts";
import type { CommandContext } from "./context.ts";
import type { Check } from "./doctor-check.ts";
import { canRun, examine } from "./doctor-checks.ts";
import { gatherFacts } from "./doctor-facts.ts";

/** `npm run doctor`: what this machine has and lacks. Returns 0 if a scenario could run, else 3. */
export async function doctorCommand(context: CommandContext, json: string | undefined): Promise<number> {
  const { stdout, env } = context;
  const checks = examine(await gatherFacts(() => context.rooms.areImagesPrepared()));
  const isFit = canRun(checks);
  const report = toJson({ canRun: isFit, checks });
  if (json === "-") stdout.write(report);
  else if (json !== undefined) await writeRedacted(resolve(json), report);
  if (json !== "-") stdout.write(render(checks, isFit, paintFor({ isTTY: stdout.isTTY === true, env })));
  return isFit ? 0 : exitCodes.environment;
}

function render(checks: Check[], isFit: boolean, paint: Paint): string {
  const symbols = {
    ok: paint("green", "ok"),
    absent: paint("yellow", "no"),
    missing: paint("red", "MISSING"),
  };
  const rows = checks.map(({ name, state, found, remedy }) => [
    symbols[state],
    name,
    remedy === undefined ? found : `${found} → ${remedy}`,
  ]);
  const verdict = isFit ? "A scenario can run here." : "A scenario cannot run here yet: see MISSING above.";
  return `${formatTable(rows)}\n\n${verdict}\n`;
}
