import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkoutDir, HarnessError } from "../base/index.ts";
import { type RunResult, runResultSchema } from "../report/index.ts";
import { type Stage, setStage } from "./fake-rooms.ts";
import { runProgram } from "./program.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage[Symbol.asyncDispose]());

const run = (...args: string[]) => runProgram(args, stage.context);

const only = (...mutants: string[]) => mutants.flatMap((name) => ["--mutant", name]);

async function resultOf(): Promise<RunResult> {
  const { dir } = await stage.run();
  return runResultSchema.parse(JSON.parse(await readFile(join(dir, "result.json"), "utf8")));
}

describe("npm run scenario", () => {
  it("passes: exit 0, verdict, ledgers and timeline on disk, nothing left", async () => {
    expect(await run("scenario", "example")).toBe(0);
    expect(stage.acts).toEqual(["remove leftovers", "start", "ledgers", "dispose"]);
    const { files } = await stage.run();
    const ledgers = ["coverage.json", "egress.json", "fidelity.json"];
    expect(files).toEqual([
      ...ledgers,
      "report.html",
      "result.json",
      "timeline.json",
      "usage.json",
      "world.json",
    ]);
    expect(await resultOf()).toMatchObject({
      status: "passed",
      exitCode: 0,
      fidelity: 1,
      egress: { asked: 0 },
    });
    expect(stage.stdout()).toMatch(/✔ {2}work survives/);
    expect(stage.stdout()).toContain("passed in");
    expect(stage.stdout()).not.toContain("\u001b");
  });

  it("fails: exit 1, the failing step's message and remedy, evidence", async () => {
    expect(await run("scenario", "example", "--mutant", "re-clone")).toBe(1);
    expect(stage.acts).toEqual(["remove leftovers", "start", "evidence", "ledgers", "dispose"]);
    expect(stage.stdout()).toContain("Failed: work survives\n  the repository was cloned again\n");
    expect(stage.stdout()).toContain("What to do: test for .git");
    expect(stage.stdout()).toMatch(/pod restarts\s+skipped/);
    expect(stage.stdout()).not.toContain("start  pod restarts");
    expect((await resultOf()).mutants).toMatchObject([{ mutant: "re-clone", outcome: "caught" }]);
  });

  it("takes --keep alone for on-failure and prints the command that re-enters", async () => {
    expect(await run("scenario", "example", "--mutant", "early", "--keep")).toBe(1);
    expect(stage.acts).toEqual(["remove leftovers", "start", "evidence", "ledgers", "keep", "dispose"]);
    expect(stage.stdout()).toContain("docker exec -it server bash");
  });

  it("does not keep a passing world with --keep alone", async () => {
    expect(await run("scenario", "example", "--keep")).toBe(0);
    expect(stage.acts).not.toContain("keep");
  });

  it.each([
    [["scenario", "exampel"], 'there is no scenario "exampel"', 'did you mean "example"? known: example'],
    [
      ["scenario", "example", "--mutant", "re-clon"],
      'there is no mutant "re-clon"',
      'did you mean "re-clone"? known: re-clone, harmless, early, other-words, hangs, over-1, over-2, over-leaks, engine-dies',
    ],
    [["scenario"], "no scenario is named", "known: example"],
    [["scenario", "example", "--keep=sometimes"], "sometimes", "always, on-failure, never"],
    [["scenario", "example", "--speed"], "--speed", ""],
    [["scenarios"], "unknown command", ""],
  ])("says what is wrong with %j: exit 2, nothing started", async (args, message, remedy) => {
    expect(await run(...args)).toBe(2);
    expect(stage.stderr()).toContain(message);
    expect(stage.stderr()).toContain(remedy);
    expect(stage.acts).toEqual([]);
  });

  it("stops on what cannot work, before anything is started, with a paragraph for each and exit 1", async () => {
    stage.blockers.push(
      "a.yaml:3\nKustomization a has an unknown field spec.pth\ndid you mean path?",
      "b.yaml:1\nb\nc",
    );
    expect(await run("scenario", "example")).toBe(1);
    expect(stage.acts).toEqual([]);
    expect(stage.stdout()).toContain(
      "  2 things in these manifests cannot work, so they were not tried\n  What to do: mend what stands below, or give --no-check",
    );
    expect(stage.stdout()).toContain(
      "  a.yaml:3\n  Kustomization a has an unknown field spec.pth\n  did you mean path?\n  \n  b.yaml:1\n",
    );
    expect(await resultOf()).toMatchObject({ status: "error", exitCode: 1, error: { code: "failed" } });
  });

  it("goes on with --no-check", async () => {
    stage.blockers.push("a.yaml:3\na\nb");
    expect(await run("scenario", "example", "--no-check")).toBe(0);
    expect(await run("scenario", "example", "--no-check", "--mutant", "re-clone")).toBe(1);
    expect(stage.acts.filter((act) => act === "start")).toHaveLength(2);
  });

  it("ends with 3 and the remedy when the world cannot be started here", async () => {
    stage.breakAct(
      "start",
      new HarnessError("no engine answers", { code: "environment", remedy: "start Docker" }),
    );
    expect(await run("scenario", "example")).toBe(3);
    expect(stage.stdout()).toContain("no engine answers");
    expect(stage.stdout()).toContain("start Docker");
    expect(await resultOf()).toMatchObject({ status: "error", exitCode: 3, scenarios: [] });
  });

  it("ends with 2 when a manifest cannot be read", async () => {
    stage.breakAct("start", new HarnessError("ks.yaml:3: not YAML", { code: "usage" }));
    expect(await run("scenario", "example")).toBe(2);
  });

  it("keeps the result of the run when the ledgers cannot be had", async () => {
    stage.breakAct("ledgers", new Error("no DNS log"));
    expect(await run("scenario", "example")).toBe(0);
    expect(stage.stdout()).toContain("ledgers incomplete: no DNS log");
  });

  it("ends with 3 when the world cannot be removed", async () => {
    stage.breakAct("dispose", new HarnessError("a container stays", { code: "environment" }));
    expect(await run("scenario", "example")).toBe(3);
    expect(stage.stdout()).toContain("a container stays");
  });

  it("ends with 130, disposed of, when it is interrupted", async () => {
    stage.interrupt();
    expect(await run("scenario", "example")).toBe(130);
    expect(stage.acts).toEqual(["remove leftovers"]);
    expect((await resultOf()).status).toBe("interrupted");
  });

  it("stops the step that runs, disposes of the world and ends with 130", async () => {
    const exitCode = run("scenario", "example", "--mutant", "hangs", "--keep", "always");
    await stage.written("start  pod restarts");
    stage.interrupt();
    expect(await exitCode).toBe(130);
    expect(stage.acts).toEqual(["remove leftovers", "start", "ledgers", "dispose"]);
    expect(stage.stdout()).toContain("INTERRUPTED");
    expect(stage.stdout()).toMatch(/failed pod restarts \(.*\): interrupted/);
    expect(stage.stdout().match(/start {2}pod starts/g)).toHaveLength(1);
    expect((await resultOf()).mutants).toEqual([]);
  });

  it("ends with 3 when the engine dies under a step", async () => {
    expect(await run("scenario", "example", "--mutant", "engine-dies")).toBe(3);
    expect(stage.stdout()).toContain("the engine does not answer");
  });

  it("ends at once with 3 and the reason when the engine dies, whatever the step waits for", async () => {
    const exitCode = run("scenario", "example", "--mutant", "hangs");
    await stage.written("start  pod restarts");
    stage.loseWorld();
    expect(await exitCode).toBe(3);
    expect(stage.stdout()).toContain("the engine has stopped answering");
    expect(stage.acts.at(-1)).toBe("dispose");
  });

  it("writes only JSON to standard output with --json -", async () => {
    expect(await run("scenario", "example", "--json", "-")).toBe(0);
    expect(runResultSchema.parse(JSON.parse(stage.stdout())).status).toBe("passed");
    expect(stage.stderr()).toContain("passed in");
  });

  it("writes JUnit XML where it is wanted", async () => {
    expect(await run("scenario", "example", "--junit", join(stage.dir, "junit.xml"))).toBe(0);
    expect(await readFile(join(stage.dir, "junit.xml"), "utf8")).toContain(
      'name="An example &gt; work survives"',
    );
  });

  it("lists scenarios with what they cover, and starts nothing", async () => {
    expect(await run("scenario", "--list")).toBe(0);
    expect(stage.stdout()).toMatch(/example\s+An example\s+1, 2\s+3\s+re-clone, harmless/);
    expect(stage.acts).toEqual([]);
  });

  it("lists for machines with --json -", async () => {
    expect(await run("scenario", "--list", "--json", "-")).toBe(0);
    const [first] = JSON.parse(stage.stdout());
    expect(first).toMatchObject({ name: "example", steps: ["pod starts", "work survives", "pod restarts"] });
    expect(first.mutants[0]).toMatchObject({ name: "re-clone", pitfall: 2, caughtBy: { message: "cloned" } });
    expect(first.mutants[4].orCaughtBy).toEqual({ step: "pod restarts", message: "again" });
  });

  it("lists the facts of a tree that is given, for people and for machines", async () => {
    const given = ["--manifests", join(checkoutDir, "fixtures/trees/statefulset")];
    expect(await run("scenario", "--list", ...given)).toBe(0);
    expect(stage.stdout()).toMatch(/example\s+An example/);
    expect(stage.stdout()).toContain("Workspace coder: StatefulSet coder in namespace dev\n");
    expect(stage.stdout()).toMatch(/beside\s+keeper\n/);
    expect(stage.stdout()).toMatch(/services\s+coder: 80\n\s+coder-pods: 4096\n/);
    expect(stage.stdout()).toMatch(/password\s+Secret coder-secret, key password; user jbaker\n/);
    const json = join(stage.dir, "list.json");
    expect(await run("scenario", "--list", ...given, "--json", json)).toBe(0);
    expect(JSON.parse(await readFile(json, "utf8"))).toMatchObject({
      scenarios: [{ name: "example" }],
      tree: { isWhole: false, workspaces: [{ name: "coder", uid: 568 }], problems: [], blind: [] },
    });
  });

  it("says what is wrong with a tree that it cannot list: exit 2", async () => {
    expect(await run("scenario", "--list", "--manifests", stage.dir)).toBe(2);
    expect(stage.stderr()).toContain("has no manifests in kubernetes/");
  });
});

describe("npm run scenario -- all", () => {
  const add = (name: string, world: string, body: string, load = "") =>
    writeFile(
      join(stage.dir, "scenarios", `${name}.scenario.ts`),
      `import { existsSync, writeFileSync } from "node:fs";
       import { setTimeout as delay } from "node:timers/promises";
       import { HarnessError, scenario } from ${JSON.stringify(join(import.meta.dirname, "..", "index.ts"))};
       const seen = (name) => ${JSON.stringify(stage.dir)} + "/" + name;
       ${load}
       export default scenario(
         { name: "${name}", title: "${name}", covers: { pitfalls: [] }, mutants: [], world: ${world} },
         ({ step }) => { step("acts", async () => { ${body} }); step("waits", async () => {}, { isLong: true }); },
       );`,
    );
  const meets = (own: string, other: string) =>
    `writeFileSync(seen("${own}"), ""); while (!existsSync(seen("${other}"))) await delay(5);`;

  it("shares one world: the gentle ones run side by side, each in a file of its own for JUnit", async () => {
    await add("one", "{ isGentle: true }", meets("one", "two"));
    await add("two", "{ isGentle: true }", meets("two", "one"));
    expect(await run("scenario", "all", "--junit", join(stage.dir, "junit.xml"))).toBe(0);
    expect(stage.acts).toEqual(["remove leftovers", "start", "publish as it is", "ledgers", "dispose"]);
    expect((await resultOf()).scenarios.map(({ name }) => name)).toEqual(["one", "two", "example"]);
    expect(stage.stdout()).toContain("start  two: acts");
    expect(await readFile(join(stage.dir, "two-junit.xml"), "utf8")).toContain('name="two &gt; acts"');
  });

  it("loads what comes next while one has the world", async () => {
    // The command line reads the file too; it is loaded when a worker has read it.
    const load = `import { isMainThread } from "node:worker_threads"; if (!isMainThread) writeFileSync(seen("loaded"), "");`;
    await add("now", "{ isFirst: true }", `while (!existsSync(seen("loaded"))) await delay(5);`);
    await add("then", "{}", "", load);
    expect(await run("scenario", "now", "then")).toBe(0);
    expect((await resultOf()).scenarios.map(({ name }) => name)).toEqual(["now", "then"]);
  });

  it("shares several worlds: what needs one alone runs beside the others, told in their order", async () => {
    await add("one", "{ isFirst: true }", meets("one", "two"));
    await add("two", "{}", meets("two", "one"));
    expect(await run("scenario", "all", "--clusters", "2")).toBe(0);
    const times = (wanted: string) => stage.acts.filter((act) => act === wanted).length;
    expect([times("start"), times("ledgers"), times("dispose")]).toEqual([2, 2, 2]);
    expect((await resultOf()).scenarios.map(({ name }) => name)).toEqual(["one", "example", "two"]);
    expect((await stage.run()).files).toEqual(expect.arrayContaining(["world.json", "world-2"]));
  });

  it("counts the names and addresses that any of several worlds asked for outside, each once", async () => {
    await add("one", "{ isFirst: true }", meets("one", "two"));
    await add("two", "{}", meets("two", "one"));
    const { startWorld } = stage.context.rooms;
    stage.context.rooms.startWorld = async (options) => {
      const world = await startWorld(options);
      const names = options.runId.endsWith("w2") ? ["shared", "second"] : ["shared"];
      const ledgers = await world.ledgers();
      const asked = names.map((name) => ({ who: "dns", name, isAnswered: name === "shared", count: 1 }));
      const address = {
        who: "dns",
        name: "8.8.8.8:53/udp",
        isAnswered: false,
        count: 1,
        isAddress: true,
      } as const;
      const egress = [address, ...asked];
      world.ledgers = async () => ({ ...ledgers, egress });
      return world;
    };
    expect(await run("scenario", "all", "--clusters", "2")).toBe(0);
    expect((await resultOf()).egress).toEqual({ asked: 2, unanswered: 1, refused: 1 });
  });

  it("ends the start of a world as soon as another's has failed, and not what runs: exit 3", async () => {
    await add("one", "{ isFirst: true }", "");
    const broken = new HarnessError("no memory", { code: "environment" });
    let ended: unknown;
    stage.context.rooms.startWorld = ({ runId, signal }) =>
      runId.endsWith("w2")
        ? Promise.reject(broken)
        : new Promise((_, reject) => {
            signal.addEventListener("abort", () => {
              ended = signal.reason;
              reject(signal.reason);
            });
          });
    expect(await run("scenario", "all", "--clusters", "2")).toBe(3);
    expect(ended).toBe(broken);
  });

  it("has one world where it is to be kept, however many are wanted", async () => {
    await add("one", "{}", "");
    expect(await run("scenario", "all", "--clusters", "2", "--keep")).toBe(0);
    expect(stage.acts.filter((act) => act === "start")).toHaveLength(1);
  });

  it("looks for a failure's cause first where the check has found something wrong", async () => {
    await add("first", "{}", 'throw new HarnessError("lost", { code: "failed" });');
    stage.wrong.push({ told: "a.yaml:105 (the check: the mode is 644: write chmod 600)" });
    expect(await run("scenario", "first")).toBe(1);
    expect(stage.stdout()).toContain(
      "Where to look: a.yaml:105 (the check: the mode is 644: write chmod 600)",
    );
  });

  it("leaves what a tree differs by, but of a mutant's, which is another", async () => {
    const { rooms } = stage.context;
    const checked = await rooms.check({ manifests: "" });
    const twins = [
      { workspace: { name: "a", workload: { name: "a" }, hosts: [] }, twin: "b", differences: [] },
    ];
    rooms.check = async () => ({ ...checked, differences: async () => ({ twins }) });
    expect(await run("scenario", "example")).toBe(0);
    expect((await stage.run()).files).toContain("twins.json");
    await rm(stage.context.resultsDir, { recursive: true });
    expect(await run("scenario", "example", "--mutant", "re-clone")).toBe(1);
    expect((await stage.run()).files).not.toContain("twins.json");
  });

  it("puts the world back after a failure, goes on with the others, and fails: exit 1", async () => {
    await add("first", "{ isFirst: true }", 'throw new HarnessError("lost", { code: "failed" });');
    expect(await run("scenario", "all")).toBe(1);
    expect(stage.acts.filter((act) => act !== "evidence")).toEqual([
      "remove leftovers",
      "start",
      "reset",
      "publish as it is",
      "ledgers",
      "dispose",
    ]);
    expect((await resultOf()).scenarios.map(({ name, status }) => [name, status])).toEqual([
      ["first", "failed"],
      ["example", "passed"],
    ]);
  });

  it("runs the steps that take minutes with --long only", async () => {
    await add("slow", "{}", "");
    const stepsOf = async () => (await resultOf()).scenarios[0]?.steps.map(({ title }) => title);
    expect(await run("scenario", "slow")).toBe(0);
    expect(await stepsOf()).toEqual(["acts"]);
    await rm(join(stage.dir, "results"), { recursive: true });
    expect(await run("scenario", "slow", "--long")).toBe(0);
    expect(await stepsOf()).toEqual(["acts", "waits"]);
  });
});

describe("npm run mutants", () => {
  it("looks at the tree that they are made of first", async () => {
    stage.blockers.push("a.yaml:3\na\nb");
    expect(await run("mutants", "example", ...only("re-clone"))).toBe(1);
    expect(stage.acts).toEqual([]);
    expect(stage.stdout()).toContain("one thing in these manifests cannot work");
  });

  it("tells caught, missed and caught for the wrong reason apart, on one warm world: exit 1", async () => {
    const four = only("re-clone", "harmless", "early", "other-words");
    expect(await run("mutants", "example", "--clusters", "1", ...four)).toBe(1);
    const { mutants } = await resultOf();
    expect(mutants.map(({ mutant, outcome }) => [mutant, outcome])).toEqual([
      ["re-clone", "caught"],
      ["harmless", "missed"],
      ["early", "caught for the wrong reason"],
      ["other-words", "caught for the wrong reason"],
    ]);
    expect(mutants[2]?.why).toBe('"pod starts" failed, not "work survives": no pod');
    expect(stage.stdout()).toContain("1 of 4 mutants caught for the right reason");
    expect(stage.acts.filter((act) => act === "start")).toHaveLength(1);
    expect(stage.acts.filter((act) => act === "reset")).toHaveLength(3);
    expect(stage.acts.at(-1)).toBe("dispose");
  });

  it("shares many mutants between two worlds, tells them in their order, keeps evidence of the missed only", async () => {
    const four = only("harmless", "re-clone", "other-words", "early");
    expect(await run("mutants", "example", ...four)).toBe(1);
    expect((await resultOf()).mutants.map(({ mutant }) => mutant)).toEqual([
      "harmless",
      "re-clone",
      "other-words",
      "early",
    ]);
    const times = (wanted: string) => stage.acts.filter((act) => act === wanted).length;
    expect([times("start"), times("reset"), times("dispose"), times("evidence")]).toEqual([2, 2, 2, 2]);
    const { dir, files } = await stage.run();
    expect(files).toEqual(expect.arrayContaining(["fidelity.json", "world.json", "world-2"]));
    expect(await readdir(join(dir, "world-2"))).toEqual([
      "egress.json",
      "fidelity.json",
      "usage.json",
      "world.json",
    ]);
  });

  it("publishes over the running workspaces where the mutant says that this proves the same, and those first", async () => {
    const four = only("over-1", "re-clone", "over-2", "over-1");
    expect(await run("mutants", "example", "--clusters", "1", ...four)).toBe(0);
    expect(stage.acts.filter((act) => /start|reset|publish/.test(act))).toEqual([
      "start",
      "publish over-2",
      "publish over-1",
      "reset",
      "publish re-clone",
    ]);
  });

  it("publishes over nothing that a scenario could not give back", async () => {
    expect(await run("mutants", "example", ...only("over-leaks", "over-1"))).toBe(1);
    expect((await resultOf()).mutants[0]?.why).toBe("failed outside of its steps: the node is still down");
    expect(stage.acts.filter((act) => /start|reset|publish/.test(act))).toEqual([
      "start",
      "reset",
      "publish over-1",
    ]);
  });

  it("ends both worlds when one of them is broken: exit 3", async () => {
    stage.breakAct("publish early", new HarnessError("the engine does not answer", { code: "environment" }));
    const four = only("re-clone", "harmless", "early", "other-words");
    expect(await run("mutants", "example", ...four)).toBe(3);
    expect(stage.acts.filter((act) => act === "dispose")).toHaveLength(2);
  });

  it("passes when each is caught for the right reason", async () => {
    expect(await run("mutants", "example", "--mutant", "re-clone")).toBe(0);
    expect(stage.stdout()).toContain("1 of 1 mutants caught for the right reason");
  });

  it("runs one that edits the home into which the tree is laid", async () => {
    expect(await run("mutants", "example", "--mutant", "re-clone-of-home")).toBe(0);
  });

  it("tells a mutant that cannot be made of the tree, and goes on with the others", async () => {
    expect(await run("mutants", "example", ...only("of-another-tree", "re-clone"))).toBe(0);
    expect((await resultOf()).mutants).toMatchObject([
      { mutant: "of-another-tree", outcome: "not applicable", why: "the tree has no file no/such/file.yaml" },
      { mutant: "re-clone", outcome: "caught" },
    ]);
    expect(stage.stdout()).toContain(
      "1 of 2 mutants caught for the right reason, 1 not applicable to this tree",
    );
    expect(stage.acts.filter((act) => /start|reset/.test(act))).toEqual(["start"]);
  });

  it("takes a new world when the warm one cannot be put back", async () => {
    stage.breakAct("reset", new Error("volume is stuck"));
    expect(await run("mutants", "example", ...only("re-clone", "harmless"))).toBe(1);
    expect(stage.acts.filter((act) => act === "start")).toHaveLength(2);
    expect(stage.acts.filter((act) => act === "dispose")).toHaveLength(2);
    expect(stage.stdout()).toContain("a new world is needed: volume is stuck");
  });

  it("counts a tree that Flux rejects as caught for the wrong reason", async () => {
    stage.breakAct("start", new HarnessError("Flux rejects the tree", { code: "failed" }));
    expect(await run("mutants", "example", "--mutant", "re-clone")).toBe(1);
    expect((await resultOf()).mutants[0]?.why).toBe("failed before the first step: Flux rejects the tree");
  });

  it("stops with 3 when the engine is gone", async () => {
    stage.breakAct("start", new HarnessError("the engine does not answer", { code: "environment" }));
    expect(await run("mutants", "example", ...only("re-clone", "harmless"))).toBe(3);
    expect((await resultOf()).mutants).toEqual([]);
  });
});
