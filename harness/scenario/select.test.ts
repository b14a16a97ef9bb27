import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { closest } from "../base/index.ts";
import { loadScenarios } from "./load-scenarios.ts";
import type { Mutant } from "./mutant.ts";
import { scenario } from "./scenario.ts";
import { selectScenarios } from "./select.ts";

const define = (name: string) =>
  Object.assign(
    scenario({ name, title: name, covers: { pitfalls: [] }, mutants: [] }, ({ step }) =>
      step("runs", async () => {}),
    ),
    { file: `/${name}.scenario.ts` },
  );

describe("scenario", () => {
  const mutant = (name: string, step: string, other?: string): Mutant => ({
    name,
    title: name,
    edit: () => {},
    caughtBy: { step, message: /x/ },
    ...(other === undefined ? {} : { orCaughtBy: { step: other, message: /y/ } }),
  });
  const withMutants = (...mutants: Mutant[]) =>
    scenario({ name: "x", title: "x", covers: { pitfalls: [] }, mutants }, ({ step }) =>
      step("a", async () => {}),
    );

  it("collects its steps without running them", () => {
    const run = () => Promise.reject(new Error("ran"));
    const { steps } = scenario(
      { name: "x", title: "x", covers: { pitfalls: [2] }, mutants: [] },
      ({ step }) => {
        step("first", run, { timeoutMs: 5 });
        step("second", run);
      },
    );
    expect(steps.map(({ title, timeoutMs }) => [title, timeoutMs])).toEqual([
      ["first", 5],
      ["second", 600_000],
    ]);
  });

  it("refuses a mutant whose step does not exist, a name that stands twice, and no steps at all", () => {
    expect(() => withMutants(mutant("m", "b"))).toThrow('the step "b", which does not exist');
    expect(() => withMutants(mutant("m", "a", "b"))).toThrow('the step "b", which does not exist');
    expect(() => withMutants(mutant("m", "a", "a"))).toThrow("mutant m names one step twice");
    expect(() => withMutants(mutant("m", "a"), mutant("m", "a"))).toThrow('"m" stands in it twice');
    expect(() =>
      scenario({ name: "x", title: "x", covers: { pitfalls: [] }, mutants: [] }, () => {}),
    ).toThrow("has no steps");
  });
});

describe("selectScenarios", () => {
  const known = [define("drain"), define("persistence")];

  it("takes names in the order given, once each, or all", () => {
    const names = (...chosen: string[]) => selectScenarios(chosen, known).map(({ name }) => name);
    expect(names("persistence", "drain", "persistence")).toEqual(["persistence", "drain"]);
    expect(names("all")).toEqual(["drain", "persistence"]);
  });
});

describe("closest", () => {
  it("finds what was meant, and nothing where nothing is near", () => {
    expect(closest("persistance", ["drain", "persistence"])).toBe("persistence");
    expect(closest("zebra-crossing", ["drain", "persistence"])).toBeUndefined();
  });
});

describe("loadScenarios", () => {
  async function loadFiles(files: Record<string, string>): Promise<unknown> {
    const dir = await mkdtemp(join(tmpdir(), "scenarios-"));
    try {
      for (const [name, text] of Object.entries(files)) {
        await writeFile(join(dir, `${name}.scenario.ts`), text);
      }
      return await loadScenarios(dir);
    } finally {
      await rm(dir, { recursive: true });
    }
  }

  it.each([
    ["broken", "export default {", /broken\.scenario\.ts cannot be read/],
    ["empty", "export const a = 1;", /empty\.scenario\.ts has no scenario as its default export/],
    ["named", 'export default { name: "other", steps: [] };', /holds the scenario "other"/],
  ])("names the file that is wrong: %s", async (name, text, message) => {
    await expect(loadFiles({ [name]: text })).rejects.toThrow(message);
  });

  it("refuses a mutant's name that stands in two scenarios", async () => {
    const withMutant = (name: string, mutant: string) =>
      `export default { name: "${name}", steps: [], mutants: [{ name: "${mutant}" }] };`;
    const a = withMutant("a", "same");
    await expect(loadFiles({ a, b: withMutant("b", "other") })).resolves.toHaveLength(2);
    await expect(loadFiles({ a, b: withMutant("b", "same") })).rejects.toThrow(
      'scenarios a and b both have a mutant "same"',
    );
  });
});
