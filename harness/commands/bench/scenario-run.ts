import { scenarioCommand } from "../scenario.ts";
import type { Probe } from "./measure.ts";
import { memoryPeak } from "./memory.ts";
import { quietRun } from "./quiet-run.ts";

const persistence = "persistence";
const persistenceTime = `scenario ${persistence}, start to verdict and cleaned up`;
const all = { time: "scenario all, start to verdict and cleaned up", memory: "scenario all, most memory" };

/** The scenario as a user runs it; a run that does not pass has no time worth reporting. */
export const scenarioRun: Probe = {
  name: persistence,
  title: `Scenario ${persistence}`,
  measures: [{ name: persistenceTime, unit: "s", limit: 150, aim: 75 }],
  async run(input) {
    const { status, ms } = await quietRun(input, (context, options) =>
      scenarioCommand(context, [persistence], { ...options, list: false }),
    );
    return status === "passed" ? { [persistenceTime]: ms / 1_000 } : {};
  },
};

/** Every scenario, on as many clusters as it has by default, and the most memory that their containers had at a time. */
export const everyScenario: Probe = {
  name: "all",
  title: "Every scenario",
  runsOnce: true,
  measures: [
    { name: all.time, unit: "s", limit: 540, aim: 360 },
    { name: all.memory, unit: "MiB", limit: 4_608 },
  ],
  async run(input) {
    await using memory = memoryPeak();
    const { status, ms } = await quietRun(input, (context, options) =>
      scenarioCommand(context, ["all"], { ...options, list: false }),
    );
    const bytes = await memory.end();
    return { ...(status === "passed" ? { [all.time]: ms / 1_000 } : {}), [all.memory]: bytes / 1024 ** 2 };
  },
};
