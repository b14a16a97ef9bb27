import { mutantsCommand } from "../mutants.ts";
import type { Probe } from "./measure.ts";
import { quietRun } from "./quiet-run.ts";

const names = { time: "all mutants, start to verdict and cleaned up", score: "all mutants, caught of them" };

/** Every mutant of every scenario, and how many were caught for the right reason. */
export const mutantsRun: Probe = {
  name: "mutants",
  title: "Every mutant",
  runsOnce: true,
  measures: [
    { name: names.time, unit: "s", limit: 2_100, aim: 1_200 },
    { name: names.score, unit: "%", atLeast: 100 },
  ],
  async run(input) {
    const { mutants, ms } = await quietRun(input, (context, options) =>
      mutantsCommand(context, [], { ...options, mutant: [] }),
    );
    if (mutants.length === 0) return {};
    const caught = mutants.filter(({ outcome }) => outcome === "caught").length;
    return { [names.time]: ms / 1_000, [names.score]: (100 * caught) / mutants.length };
  },
};
