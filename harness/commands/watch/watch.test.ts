import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HarnessError } from "../../base/index.ts";
import { runResultSchema } from "../../report/index.ts";
import { type Stage, setStage } from "../fake-rooms.ts";
import type { Keyboard } from "../keys.ts";
import { runProgram } from "../program.ts";

vi.setConfig({ testTimeout: 120_000 }); // each round starts a vitest of its own

let stage: Stage;
let ks: string;
beforeEach(async () => {
  stage = await setStage();
  ks = join(stage.dir, "tree/kubernetes/ks.yaml");
  await mkdir(join(ks, ".."), { recursive: true });
  await writeFile(ks, "a: 1\n");
});
afterEach(() => stage[Symbol.asyncDispose]());

const watch = (name: string, ...more: string[]) =>
  runProgram(["scenario", name, "--watch", "--manifests", join(stage.dir, "tree"), ...more], stage.context);
const save = (content: string) => writeFile(ks, content);
const worldActs = () => stage.acts.filter((act) => !/remove|ledgers|take back/.test(act));
const ends = async (running: Promise<number>) => {
  stage.interrupt();
  return running;
};

it("runs again with each save, over the running workspaces, and leaves nothing: exit 130", async () => {
  const running = watch("example");
  await stage.written("round 1: passed");
  await save("a: 2\n");
  await stage.written("round 2: passed");
  expect(await ends(running)).toBe(130);
  expect(worldActs()).toEqual(["start", "reread", "take the tree", "publish as it is", "dispose"]);
  expect(stage.stdout()).toMatch(/round 2: a save[\s\S]*round 2: over the running workspaces/);
  expect(stage.stdout()).toMatch(/round 2: first step passed after/);
  const { dir } = await stage.run();
  const result = runResultSchema.parse(JSON.parse(await readFile(join(dir, "result.json"), "utf8")));
  expect(result).toMatchObject({ status: "passed", scenarios: [{ name: "example" }] });
});

it("says where and why a round has failed, and puts the world back for the next", async () => {
  const running = watch("example", "--mutant", "re-clone");
  await stage.written("round 1: failed");
  expect(stage.stdout()).toMatch(
    /round 1: failed at "work survives" after .*\n.*the repository was cloned again\n.*What to do: test for \.git/,
  );
  await save("a: 2\n");
  await stage.written("round 2: failed");
  expect(stage.stdout()).toContain("round 2: from nothing");
  await ends(running);
  expect(worldActs()).toEqual([
    "start",
    "evidence",
    "reread",
    "take the tree",
    "reset",
    "publish re-clone",
    "evidence",
    "dispose",
  ]);
});

it("lets a newer save overtake a round", async () => {
  const running = watch("example", "--mutant", "hangs");
  await stage.written("round 1: first step passed");
  await save("a: 2\n");
  await stage.written("round 1: overtaken");
  await stage.written("round 2: first step passed");
  expect(await ends(running)).toBe(130);
  expect(worldActs()).toEqual(["start", "reread", "take the tree", "reset", "publish hangs", "dispose"]);
});

it("starts no second world for a save that comes while the first is on its way", async () => {
  const { startWorld } = stage.context.rooms;
  const isAsked = Promise.withResolvers<void>();
  const mayStart = Promise.withResolvers<void>();
  stage.context.rooms.startWorld = async (options) => {
    isAsked.resolve();
    await mayStart.promise;
    return startWorld(options);
  };
  const running = watch("example");
  await isAsked.promise;
  await save("a: 2\n");
  await setTimeout(1_000); // it is noticed, and nothing comes of it yet
  mayStart.resolve();
  await stage.written("round 2: passed");
  await ends(running);
  expect(worldActs().filter((act) => act === "start")).toHaveLength(1);
});

it("goes on after a save that cannot be read", async () => {
  const running = watch("example");
  await stage.written("round 1: passed");
  stage.breakAct("reread", new HarnessError("ks.yaml:3: not YAML", { code: "usage" }));
  await save("a: [\n");
  await stage.written("round 2: failed");
  expect(stage.stdout()).toContain("ks.yaml:3: not YAML");
  stage.healAct("reread");
  await save("a: 3\n");
  await stage.written("round 3: passed");
  await ends(running);
  // What ran was sound and has not been touched.
  expect(worldActs()).toEqual(["start", "reread", "reread", "take the tree", "publish as it is", "dispose"]);
});

it("ends with 3 when there can be no world here", async () => {
  stage.breakAct(
    "start",
    new HarnessError("no engine answers", { code: "environment", remedy: "start Docker" }),
  );
  expect(await watch("example")).toBe(3);
  expect(stage.stderr()).toContain("no engine answers");
});

it("does not mix rounds with a result on standard output: exit 2", async () => {
  expect(await watch("example", "--json", "-")).toBe(2);
  expect(stage.stderr()).toContain("--json FILE has the last round");
  expect(stage.acts).toEqual([]);
});

const first = (body: string) => `
import { HarnessError, scenario } from ${JSON.stringify(join(import.meta.dirname, "../../index.ts"))};
export default scenario(
  { name: "first", title: "First", covers: { pitfalls: [] }, mutants: [], world: { isFirst: true } },
  ({ step }) => { step("comes up", async () => { ${body} }); step("stays", async () => {}); },
);`;

it("looks at the first step over what runs, and proves what needs a new world from nothing", async () => {
  await writeFile(join(stage.dir, "scenarios/first.scenario.ts"), first(""));
  const running = watch("first");
  await stage.written("round 1: passed");
  await save("a: 2\n");
  await stage.written("round 2: passed");
  await ends(running);
  expect(worldActs()).toEqual([
    "start",
    "reread",
    "take the tree",
    "publish as it is",
    "reset",
    "publish as it is",
    "dispose",
  ]);
});

it("lets a newer save overtake the round from nothing that follows a first step", async () => {
  const file = join(stage.dir, "scenarios/first.scenario.ts");
  await writeFile(file, first(""));
  const running = watch("first");
  await stage.written("round 1: passed");
  await writeFile(file, first("").replace('"stays", async () => {}', '"stays", () => new Promise(() => {})'));
  await save("a: 2\n");
  await stage.written("round 2: first step passed");
  await save("a: 3\n");
  await stage.written("round 2: overtaken");
  await stage.written("round 3: first step passed");
  await ends(running);
});

it("ends with the first step where nothing is applied otherwise, and leaves what was proved before", async () => {
  await writeFile(join(stage.dir, "scenarios/first.scenario.ts"), first(""));
  stage.change.isAppliedAlike = true;
  const running = watch("first");
  await stage.written("round 1: passed");
  await stage.acted("take back"); // after all is stored
  const result = async () => readFile(join((await stage.run()).dir, "result.json"), "utf8");
  const before = await result();
  await save("a: 1 # still\n");
  await stage.written("round 2: passed");
  await ends(running);
  expect(stage.stdout()).toContain("round 2: over the running workspaces: nothing is applied otherwise");
  expect(worldActs()).toEqual(["start", "reread", "take the tree", "publish as it is", "dispose"]);
  expect(await result()).toBe(before);
});

it("takes nothing for proved that has not passed from nothing", async () => {
  const file = join(stage.dir, "scenarios/first.scenario.ts");
  await writeFile(file, first("").replace('"stays", async () => {}', '"stays", () => new Promise(() => {})'));
  stage.change.isAppliedAlike = true;
  const running = watch("first");
  await stage.written("round 1: first step passed");
  await save("a: 1 # still\n");
  await stage.acted("reset");
  await ends(running);
  expect(worldActs().slice(0, 5)).toEqual(["start", "reread", "take the tree", "publish as it is", "reset"]);
});

it("tells at once what can work in no cluster, and leaves alone what runs", async () => {
  const running = watch("example");
  await stage.written("round 1: passed");
  stage.blockers.push("ks.yaml:3: no such path");
  await save("a: 2\n");
  await stage.written("round 2: failed");
  expect(stage.stdout()).toContain("ks.yaml:3: no such path");
  stage.blockers.pop();
  await save("a: 3\n");
  await stage.written("round 3: passed");
  await ends(running);
  expect(worldActs()).toEqual(["start", "reread", "reread", "take the tree", "publish as it is", "dispose"]);
});

it("has loaded what a save needs before it comes, and taken back what was changed in Git", async () => {
  const file = join(stage.dir, "scenarios/first.scenario.ts");
  const loads = join(stage.dir, "loads");
  const counted = `import { appendFileSync } from "node:fs"; import { isMainThread } from "node:worker_threads";
    if (!isMainThread) appendFileSync(${JSON.stringify(loads)}, "loaded\\n");`;
  await writeFile(file, `${counted}\n${first("")}`);
  const running = watch("first");
  await stage.written("round 1: passed");
  await stage.acted("take back");
  await expect.poll(() => readFile(loads, "utf8"), { timeout: 60_000 }).toBe("loaded\nloaded\n");
  expect(stage.acts.slice(-1)).toEqual(["take back"]);
  await save("a: 2\n");
  await stage.written("round 2: first step passed");
  await ends(running);
});

it("takes the failure of the first step over sound workspaces for the verdict", async () => {
  const file = join(stage.dir, "scenarios/first.scenario.ts");
  await writeFile(file, first(""));
  const running = watch("first");
  await stage.written("round 1: passed");
  await writeFile(file, first('throw new HarnessError("it is stuck", { code: "failed" });'));
  await save("a: 2\n");
  await stage.written("round 2: failed");
  await ends(running);
  expect(worldActs()).toEqual([
    "start",
    "reread",
    "take the tree",
    "publish as it is",
    "evidence",
    "dispose",
  ]);
});

it("goes on in the world that was kept last, and leaves it kept", async () => {
  const running = watch("example", "--reuse");
  await stage.written("round 1: passed");
  await ends(running);
  expect(worldActs()).toEqual(["reuse", "reread", "take the tree", "reset", "publish as it is", "dispose"]);
});

/** A terminal with somebody at it. */
function sitDown(): { press(key: string): void; modes: boolean[] } {
  const stdin = new PassThrough();
  const modes: boolean[] = [];
  stage.context.stdin = Object.assign(stdin, {
    isTTY: true,
    setRawMode: (on: boolean) => modes.push(on),
  }) as unknown as Keyboard;
  stage.context.stdout.isTTY = true;
  return { press: (key) => void stdin.write(key), modes };
}

it("does what the keys ask for, and gives the terminal back", async () => {
  const { press, modes } = sitDown();
  const running = watch("example");
  await stage.written("✔ passed");
  press("k");
  await stage.acted("shell /run/kubeconfig");
  press("o");
  await stage.acted("close windows");
  press("r");
  await stage.acted("publish as it is");
  press("q");
  expect(await running).toBe(0);
  expect(worldActs()).toContain("show all");
  expect(modes).toEqual([true, false, true, false]);
  expect(stage.stdout()).toContain("q ends · r runs again · o opens the browser · k a shell with kubectl");
});

it("has closed a browser that is about to open before the cluster goes", async () => {
  const { press } = sitDown();
  stage.context.rooms.showWorkspaces = async ({ signal }) => {
    stage.acts.push("browser starts");
    press("q");
    await once(signal, "abort");
    stage.acts.push("browser gone");
    throw signal.reason;
  };
  const running = watch("example");
  await stage.written("✔ passed");
  press("o");
  expect(await running).toBe(0);
  expect(worldActs()).toEqual(["start", "ready", "browser starts", "browser gone", "dispose"]);
});

it("says that a scenario may have taken away what the browser asked for", async () => {
  const { press } = sitDown();
  stage.context.rooms.showWorkspaces = async () => {
    throw new Error("page.goto: net::ERR_HTTP_RESPONSE_CODE_FAILURE at https://flux.example/");
  };
  const running = watch("example");
  await stage.written("✔ passed");
  press("o");
  await stage.written("what runs may have taken its pod away");
  await stage.written("o tries again");
  press("q");
  expect(await running).toBe(0);
});

it("does not wait on q for workspaces that never answer", async () => {
  const { press } = sitDown();
  const { startWorld } = stage.context.rooms;
  stage.context.rooms.startWorld = async (options) => {
    const world = await startWorld(options);
    world.ready = () => {
      press("q");
      return new Promise(() => {});
    };
    return world;
  };
  const running = watch("example");
  await stage.written("✔ passed");
  press("o");
  expect(await running).toBe(0);
});

it("lets somebody at npm run up publish again and look in, and keeps the cluster", async () => {
  const { press, modes } = sitDown();
  const running = runProgram(["up"], stage.context);
  await stage.written("q ends");
  press("r");
  await stage.written("✔ passed");
  press("q");
  expect(await running).toBe(0);
  expect(stage.acts).toEqual([
    "remove leftovers",
    "start",
    "ready",
    "keep",
    "reread",
    "take the tree",
    "publish as it is",
    "ready",
    "keep",
    "dispose",
  ]);
  expect(modes).toEqual([true, false]);
});
