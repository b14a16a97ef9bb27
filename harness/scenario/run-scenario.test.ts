import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addSecret } from "../base/index.ts";
import type { ProgressEvent } from "../report/index.ts";
import type { WorldDescriptor } from "../world/started-world.ts";
import { loadScenarios } from "./load-scenarios.ts";
import { runScenario } from "./run-scenario.ts";

const door = join(import.meta.dirname, "..", "index.ts");
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "scenario-"));
  await writeFile(
    join(dir, "world.ts"),
    `export const attachWorld = async (descriptor, { interrupted }) => ({
      color: descriptor.color,
      lookOnlyAt: (needs) => needs.includes("clone") ? "no workspace of the tree has one" : undefined,
      pressedNode: async () => undefined,
      untilPressed: () => new Promise(() => {}),
      withFirstCause: async (error) => error,
      async [Symbol.asyncDispose]() {
        if (descriptor.isSlowToLeave && !interrupted.aborted) {
          await new Promise((resolve) => interrupted.addEventListener("abort", resolve));
        }
        console.log(interrupted.aborted ? "world left in a hurry" : "world left");
      },
    });`,
  );
});
afterEach(() => rm(dir, { recursive: true }));

async function runExample(
  body: string,
  {
    signal = new AbortController().signal,
    junit = false,
    isSlowToLeave = false,
    world = async () => {},
    gentleUntil = undefined as string | undefined,
    alone = async () => {},
    prefix = undefined as string | undefined,
    onEvent = (_event: ProgressEvent): unknown => undefined,
  } = {},
) {
  await writeFile(
    join(dir, "example.scenario.ts"),
    `import { existsSync, writeFileSync } from "node:fs";
    import { HarnessError, scenario } from ${JSON.stringify(door)};
    export default scenario(
      { name: "example", title: "An example", covers: { pitfalls: [1] }, mutants: [], world: ${JSON.stringify({ gentleUntil })} },
      ({ step }) => { ${body} },
    );`,
  );
  const [example] = await loadScenarios(dir);
  if (!example) throw new Error("the example was not loaded");
  const events: ProgressEvent[] = [];
  const result = await runScenario(example, {
    descriptor: world().then(() => ({ color: "blue", isSlowToLeave }) as unknown as WorldDescriptor),
    worldModule: join(dir, "world.ts"),
    emit: (event) => {
      events.push(event);
      onEvent(event);
    },
    signal,
    alone,
    consoleFile: join(dir, "console.log"),
    ...(prefix === undefined ? {} : { prefix }),
    ...(junit ? { junit: join(dir, "junit.xml") } : {}),
  });
  return { result, events };
}

describe("runScenario", () => {
  it("gives each step the attached world, in order, and leaves the world at the end", async () => {
    const { result } = await runExample(`
      step("first", async (world) => console.log(world.color));
      step("second", async (world) => { if (world.color !== "blue") throw new Error("wrong world"); });
    `);
    expect(result.status).toBe("passed");
    expect(result.steps.map(({ title, status }) => [title, status])).toEqual([
      ["first", "passed"],
      ["second", "passed"],
    ]);
    expect(await readFile(join(dir, "console.log"), "utf8")).toBe("blue\nworld left\n");
  });

  /** Steps that leave a file when they are loaded; `loaded` resolves to the time at which that was seen. */
  function loading() {
    const file = join(dir, "loaded");
    const body = `writeFileSync(${JSON.stringify(file)}, ""); step("acts", async () => {});`;
    const loaded = (async () => {
      while (!existsSync(file)) await delay(20);
      return Date.now();
    })();
    return { body, loaded };
  }

  it("loads the steps without a world, and begins when there is one", async () => {
    const { body, loaded } = loading();
    const { result, events } = await runExample(body, { world: () => loaded.then(() => delay(300)) });
    expect(result.status).toBe("passed");
    expect(events[0]?.at).toBeGreaterThanOrEqual((await loaded) + 295);
  });

  it("throws what keeps the world from coming, and ends its worker", async () => {
    const { body, loaded } = loading();
    const world = () => loaded.then(() => Promise.reject(new Error("no cluster")));
    await expect(runExample(body, { world })).rejects.toThrow("no cluster");
  });

  it("waits for no world any more when the run is interrupted", async () => {
    const { body, loaded } = loading();
    const abort = new AbortController();
    loaded.then(() => abort.abort(new Error("interrupted")));
    const run = runExample(body, { world: () => new Promise<void>(() => {}), signal: abort.signal });
    await expect(run).rejects.toThrow("interrupted");
  });

  it("stops also when the run is interrupted before its worker can hear of it", async () => {
    const abort = new AbortController();
    // The world is there at once; vitest takes longer to be made ready.
    const world = async () => void setImmediate(() => abort.abort(new Error("interrupted")));
    const { result } = await runExample(`step("stays", () => new Promise(() => {}));`, {
      world,
      signal: abort.signal,
    });
    expect(result.status).toBe("failed");
  });

  it("waits until it is alone where it is gentle no more, and not in the time of a step", async () => {
    const steps = `step("shares", async () => {});
      step("takes", async () => { if (!existsSync(${JSON.stringify(join(dir, "alone"))})) throw new Error("not alone"); }, { timeoutMs: 1_500 });`;
    const alone = async () => {
      await delay(2_000);
      await writeFile(join(dir, "alone"), "");
    };
    const { result } = await runExample(steps, { gentleUntil: "takes", alone });
    expect(result.steps.map(({ status }) => status)).toEqual(["passed", "passed"]);
  });

  it("does not wait to be alone after a failure", async () => {
    const steps = `step("shares", async () => { throw new Error("no"); }); step("takes", async () => {});`;
    const never = () => new Promise<void>(() => {});
    const { result } = await runExample(steps, { gentleUntil: "takes", alone: never });
    expect(result.steps.map(({ status }) => status)).toEqual(["failed", "skipped"]);
  });

  it("tells a step that nothing of the tree can be looked at for, and neither passes nor fails by it", async () => {
    const { result } = await runExample(`
      step("looks", async () => {});
      step("clones", async () => { throw new Error("never"); }, { needs: ["clone"] });
      step("looks again", async () => {});
    `);
    expect(result.status).toBe("passed");
    expect(result.steps.map(({ title, status, why }) => [title, status, why])).toEqual([
      ["looks", "passed", undefined],
      ["clones", "not applicable", "no workspace of the tree has one"],
      ["looks again", "passed", undefined],
    ]);
  });

  it("neither passes nor fails where no step is applicable", async () => {
    const { result } = await runExample(`step("clones", async () => {}, { needs: ["clone"] });`);
    expect(result.status).toBe("not applicable");
  });

  it("keeps message, remedy and place of the failing step and skips the rest", async () => {
    const { result } = await runExample(`
      step("works", async () => {});
      step("breaks", async () => {
        throw new HarnessError("pod has another volume", { code: "failed", remedy: "mount the claim", details: "seen: x", look: [{ kind: "HelmRelease", name: "x", field: ["spec", "items", 1] }] });
      });
      step("never runs", async () => {});
    `);
    expect(result.status).toBe("failed");
    expect(result.steps.map(({ status }) => status)).toEqual(["passed", "failed", "skipped"]);
    expect(result.steps[1]?.failure).toMatchObject({
      message: "pod has another volume",
      remedy: "mount the claim",
      details: "seen: x",
      code: "failed",
      where: ["HelmRelease x, spec.items.1"],
      at: expect.stringMatching(/example\.scenario\.ts:\d+$/),
    });
  });

  it("shows what runs inside of a step below the step", async () => {
    const { events } = await runExample(`
      step("waits", async (_world, { progress }) => { await progress.task("pod is Ready", async () => {}); });
    `);
    const starts = events.filter((event) => event.kind === "start");
    expect(starts.map(({ title }) => title)).toEqual(["waits", "pod is Ready"]);
    expect(starts[1]?.parent).toBe(starts[0]?.id);
    expect(events.filter((event) => event.kind === "end")).toHaveLength(2);
  });

  it("tells two runs of the same scenario apart", async () => {
    const body = `step("waits", async () => {});`;
    const runs = await Promise.all([runExample(body), runExample(body)]);
    const ids = runs.map(({ events }) => events.find(({ kind }) => kind === "start"));
    expect(new Set(ids.map((event) => event && "id" in event && event.id)).size).toBe(2);
  });

  it("shows the same time while it runs as in the result", async () => {
    const { events, result } = await runExample(`
      step("short", async () => {});
      step("longer", () => new Promise((resolve) => setTimeout(resolve, 60)));
    `);
    const at = (kind: string) => events.filter((event) => event.kind === kind).map((event) => event.at);
    const [starts, ends] = [at("start"), at("end")];
    expect(ends.map((end, index) => end - (starts[index] ?? 0))).toEqual(result.steps.map(({ ms }) => ms));
  });

  it("says what a step was waiting for when its time is over", async () => {
    const { result } = await runExample(`
      step("waits", (_world, { progress }) => progress.task("pod is Ready", (task) => {
        task.update("phase Pending");
        return new Promise(() => {});
      }), { timeoutMs: 200 });
    `);
    expect(result.steps[0]?.failure?.message).toBe(
      "the step took longer than 0.2 s; it was still at: pod is Ready (phase Pending)",
    );
  });

  it("stops the running step at once when the run is interrupted", async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 2_000);
    const { result } = await runExample(
      `step("hangs", () => new Promise(() => {})); step("never runs", async () => {});`,
      { signal: abort.signal },
    );
    expect(result.steps.map(({ status }) => status)).toEqual(["skipped", "skipped"]);
    expect(result.status).toBe("failed");
  });

  it.each([
    ["under a step", `step("hangs", () => new Promise(() => {}));`, "start"],
    ["while the world is left", `step("runs", async () => {});`, "end"],
  ])("tells the world of an interruption %s", async (_, body, last) => {
    const abort = new AbortController();
    await runExample(body, {
      signal: abort.signal,
      isSlowToLeave: true,
      onEvent: ({ kind }) => kind === last && abort.abort(),
    });
    expect(await readFile(join(dir, "console.log"), "utf8")).toBe("world left in a hurry\n");
  });

  it("leaves signals to the command line while it runs", async () => {
    const before = process.listenerCount("SIGINT");
    const during: number[] = [];
    await runExample(`step("runs", async () => {});`, {
      onEvent: () => during.push(process.listenerCount("SIGINT")),
    });
    expect(new Set(during)).toEqual(new Set([before]));
  });

  it.each([
    [undefined, "example"],
    ["no-volume: ", "no-volume"],
  ])("tells whose each step is, with the prefix %s", async (prefix, of) => {
    const { events } = await runExample(`step("passes", async () => {});`, prefix ? { prefix } : {});
    expect(events[0]).toMatchObject({ kind: "start", title: `${prefix ?? ""}passes`, of });
  });

  it("fails when a promise is rejected behind the back of every step", async () => {
    const { result } = await runExample(
      `step("forgets", async () => { void Promise.reject(new Error("lost")); });`,
    );
    expect(result).toMatchObject({ status: "failed", failure: { message: "lost" } });
  });

  it("writes JUnit XML without secrets and leaves the exit code alone", async () => {
    addSecret("TEST_PAT", "ghp_0123456789abcdef");
    const { result } = await runExample(
      `step("leaks", async () => { throw new Error("saw ghp_0123456789abcdef in the log"); });`,
      { junit: true },
    );
    expect(result.steps[0]?.failure?.message).toBe(
      "the step could not be carried out: saw [redacted TEST_PAT] in the log",
    );
    const xml = await readFile(join(dir, "junit.xml"), "utf8");
    expect(xml).toContain("leaks");
    expect(xml).toContain("[redacted TEST_PAT]");
    expect(xml).not.toContain("ghp_0123456789abcdef");
    expect(process.exitCode).toBeUndefined();
  });
});
