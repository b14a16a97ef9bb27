import { hostname } from "node:os";
import { expect, it } from "vitest";
import { labelNames, labelsOf } from "../base/index.ts";
import { runsByLife } from "./leftovers.ts";

const ended = (runId: string) => ({ ...labelsOf(runId), [labelNames.owner]: `${hostname()}/1/0` });

it("tells runs whose process has ended from those at work, and leaves kept ones alone", () => {
  const nobody = { [labelNames.run]: "old" };
  const labels = [labelsOf("mine"), ended("dead"), ended("dead"), ended("kept"), nobody, { other: "label" }];
  expect(runsByLife(labels, new Set(["kept"]))).toEqual({ alive: ["mine"], dead: ["dead", "old"] });
});

it("takes a run for alive as long as anything of it has a living owner", () => {
  expect(runsByLife([ended("run"), labelsOf("run"), ended("run")], new Set()).alive).toEqual(["run"]);
});
