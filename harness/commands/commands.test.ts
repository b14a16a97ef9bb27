import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { median, type Probe } from "./bench/measure.ts";
import { parseUsage } from "./bench/memory.ts";
import { benchCommand } from "./bench.ts";
import { chosen } from "./chosen-workspaces.ts";
import { canRun, examine } from "./doctor-checks.ts";
import type { Facts } from "./doctor-facts.ts";
import { type Stage, setStage } from "./fake-rooms.ts";
import { runProgram } from "./program.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage[Symbol.asyncDispose]());

const run = (...args: string[]) => runProgram(args, stage.context);

describe("npm run up", () => {
  it("keeps the world and says how to reach it, without the password", async () => {
    expect(await run("up")).toBe(0);
    expect(stage.acts).toEqual(["remove leftovers", "start", "ready", "keep", "dispose"]);
    expect(stage.stdout()).toMatch(/\n\nhttps:\/\/flux\.example\n\nworkspace /);
    expect(stage.stdout()).toContain("--cacert /run/ca.pem --resolve flux.example:30443:127.0.0.1");
    expect(stage.stdout()).toContain("npm run open");
    expect(stage.stdout()).toContain("export KUBECONFIG=/run/kubeconfig");
    expect(stage.stdout()).toContain("docker exec -it server bash");
  });
});

describe("what cannot work", () => {
  it("is told before up starts anything", async () => {
    stage.blockers.push("a.yaml:3\na\nb");
    expect(await run("up")).toBe(1);
    expect(stage.acts).toEqual([]);
    expect(stage.stderr()).toContain("a.yaml:3\na\nb");
    expect(await run("up", "--no-check")).toBe(0);
  });
});

describe("what up says", () => {
  it("asks nobody to trust an authority or to change a file of the system", async () => {
    await run("up");
    expect(stage.stdout()).not.toMatch(/\btrust\b|\/etc\/hosts/i);
  });

  it("comes before the windows that --open waits for", async () => {
    expect(await run("up", "--open")).toBe(0);
    expect(stage.acts).toEqual([
      "remove leftovers",
      "start",
      "ready",
      "keep",
      "show all",
      "close windows",
      "dispose",
    ]);
    expect(stage.stdout()).toMatch(/https:\/\/flux\.example [\s\S]*npm run down[\s\S]*in a window/);
  });
});

describe("npm run open", () => {
  it("shows the workspaces that are named, and ends when they are closed", async () => {
    expect(await run("open", "flux")).toBe(0);
    expect(stage.acts).toEqual(["show flux", "close windows"]);
    expect(stage.stdout()).toContain("https://flux.example in a window\n");
  });

  it("closes them when it is interrupted", async () => {
    const running = run("open", "stays");
    await stage.written("in a window");
    stage.interrupt();
    expect(await running).toBe(0);
    expect(stage.acts.at(-1)).toBe("close windows");
  });

  it("takes flux for opencode-flux, and says which there are", () => {
    const workspaces = [{ name: "opencode-flux" }, { name: "opencode-ha" }];
    expect(chosen(workspaces, [])).toEqual(workspaces);
    expect(chosen(workspaces, ["ha", "opencode-flux"])).toEqual([...workspaces].reverse());
    expect(() => chosen(workspaces, ["other"])).toThrow(
      "there is no workspace other; there are opencode-flux",
    );
  });
});

describe("npm run down", () => {
  it("removes kept clusters too and stops the private engine", async () => {
    expect(await run("down")).toBe(0);
    expect(stage.acts).toEqual(["remove kept", "stop engine"]);
    expect(stage.stdout()).toContain("2 removed; the private engine is stopped");
  });

  it("says who uses the engine when it has to stay", async () => {
    stage.engineUsers.push("process 4711", "container of-somebody");
    expect(await run("down")).toBe(0);
    expect(stage.stdout()).toContain(
      "2 removed; the private engine stays as it is: process 4711, container of-somebody use it",
    );
  });
});

describe("npm run report", () => {
  const results = () => stage.context.resultsDir;
  const leave = async (name: string, file = "report.html") => {
    await mkdir(join(results(), name), { recursive: true });
    await writeFile(join(results(), name, file), "<!doctype html>");
  };

  it("opens the page of the last run for somebody who sits in front of it", async () => {
    await leave("20261121-1203-drain-ab12");
    await leave("20261121-1330-persistence-cd34");
    await leave("lanes");
    stage.context.stdout.isTTY = true;
    stage.context.env.DISPLAY = ":0";
    expect(await run("report")).toBe(0);
    expect(stage.acts).toEqual(["open report.html"]);
    expect(stage.stdout()).toContain("20261121-1330-persistence-cd34/report.html\nfile:///");
  });

  it("only says where it is with --no-open, in a pipe and in CI", async () => {
    await leave("20261121-1203-drain-ab12");
    expect(await run("report", "drain")).toBe(0);
    stage.context.stdout.isTTY = true;
    expect(await run("report", "--no-open")).toBe(0);
    stage.context.env.CI = "true";
    expect(await run("report", "20261121-1203-drain-ab12")).toBe(0);
    expect(stage.acts).toEqual([]);
  });

  it("makes the page of a run that has none yet", async () => {
    expect(await run("scenario", "example")).toBe(0);
    const { dir } = await stage.run();
    await rm(join(dir, "report.html"));
    expect(await run("report", dir)).toBe(0);
    expect(await readFile(join(dir, "report.html"), "utf8")).toContain("An example");
  });

  it("says which runs there are when it does not know the one that is named", async () => {
    expect(await run("report")).toBe(2);
    await leave("20261121-1203-drain-ab12");
    expect(await run("report", "crash")).toBe(2);
    expect(stage.stderr()).toContain("the last ones: 20261121-1203-drain-ab12");
  });
});

describe("npm run images", () => {
  it("shows components with disk and time", async () => {
    expect(await run("images")).toBe(0);
    expect(stage.stdout()).toMatch(/coredns\s+1\.13\.1\s+Go module\s+2\.0 MB\s+1\.5 s/);
    expect(stage.stdout()).toContain("2.0 MB in /cache");
  });
});

describe("examine", () => {
  const fit: Facts = {
    platform: "linux",
    architecture: "x64",
    engineFacts: undefined,
    nodeVersion: "24.1.0",
    git: "git version 2",
    go: "go1.26",
    pip: "pip 23",
    apt: "apt 2.6",
    engine: undefined,
    engineTrouble: undefined,
    canRunPrivateEngine: true,
    isRoot: true,
    hasLoopDevices: true,
    cgroups: "v1",
    hasSysAdmin: true,
    cpus: 2,
    cache: "/cache",
    freeDiskBytes: 20e9,
    availableMemoryBytes: 8 * 1024 ** 3,
    hasRegistry: false,
    imagesPrepared: false,
    filtersBridges: true,
    inotify: { limit: 128, used: 10 },
  };
  const missing = (change: Partial<Facts>) =>
    examine({ ...fit, ...change }).flatMap(({ name, state }) => (state === "missing" ? [name] : []));

  it("finds a bare Debian machine with root fit, pip or not", () => {
    expect(missing({})).toEqual([]);
    expect(missing({ pip: undefined })).toEqual([]);
  });

  it.each([
    [{ nodeVersion: "20.1.0" }, "Node.js"],
    [{ git: undefined }, "git"],
    [{ canRunPrivateEngine: false }, "container engine"],
    [{ engineTrouble: { message: "unix:///x does not answer", remedy: "start it" } }, "container engine"],
    [{ isRoot: false }, "root"],
    [{ hasSysAdmin: false }, "privileged containers"],
    [{ hasLoopDevices: false }, "loop devices"],
    [{ cgroups: undefined }, "cgroups"],
    [{ cpus: 1 }, "CPU"],
    [{ availableMemoryBytes: 2e9 }, "memory"],
    [{ freeDiskBytes: 15e9 }, "disk"],
    [{ freeDiskBytes: 9e9, hasRegistry: true }, "disk"],
    [{ freeDiskBytes: 4e9, imagesPrepared: true }, "disk"],
    [{ inotify: { limit: 128, used: 108 } }, "inotify instances"],
    [{ go: undefined }, "Go"],
    [{ apt: undefined }, "apt"],
  ] as [Partial<Facts>, string][])("names what is missing, with a remedy: %j", (change, name) => {
    expect(missing(change)).toEqual([name]);
    expect(examine({ ...fit, ...change }).find((check) => check.name === name)?.remedy).toBeTruthy();
  });

  it("asks for no build tools and less disk where images are prepared or a registry answers", () => {
    const without = { go: undefined, pip: undefined, apt: undefined };
    expect(missing({ ...without, imagesPrepared: true, freeDiskBytes: 6e9 })).toEqual([]);
    expect(missing({ ...without, hasRegistry: true, freeDiskBytes: 11e9 })).toEqual([]);
  });

  it("asks for no root where an engine answers", () => {
    expect(
      missing({ engine: "unix:///var/run/docker.sock", isRoot: false, canRunPrivateEngine: false }),
    ).toEqual([]);
  });

  it("cannot run with anything missing", () => {
    expect(canRun(examine(fit))).toBe(true);
    expect(canRun(examine({ ...fit, git: undefined }))).toBe(false);
  });
});

describe("npm run bench", () => {
  const probe = (values: number[]): Probe => ({
    name: "probe",
    title: "Probe",
    measures: [
      { name: "start", unit: "s", limit: 5, aim: 3 },
      { name: "never taken", unit: "MiB" },
    ],
    run: async () => ({ start: values.shift() ?? 0 }),
  });

  it("shows the median against what it must reach, and stores every value", async () => {
    const json = join(stage.dir, "bench.json");
    const options = { runs: 3, images: "auto" as const, json };
    expect(await benchCommand(stage.context, [], options, [probe([7, 4, 6])])).toBe(0);
    expect(stage.stdout()).toMatch(/start\s+6 s\s+at most 5 s\s+3 s\s+MISSED\s+7\.0 4\.0 6\.0/);
    expect(stage.stdout()).toMatch(/never taken\s+not measured/);
    const { measured } = JSON.parse(await readFile(json, "utf8"));
    expect(measured[0]).toMatchObject({ name: "start", median: 6, values: [7, 4, 6] });
  });

  it("runs what takes minutes once, and tells what is under its least", async () => {
    const score = { name: "score", unit: "%" as const, atLeast: 100 };
    const once: Probe = {
      name: "once",
      title: "Once",
      runsOnce: true,
      measures: [score],
      run: async () => ({ score: 97 }),
    };
    const options = { runs: 3, images: "auto" as const, json: join(stage.dir, "bench.json") };
    expect(await benchCommand(stage.context, ["once"], options, [once, probe([])])).toBe(0);
    expect(stage.stdout()).toMatch(/score\s+97 %\s+at least 100 %\s+MISSED\s+97\.0\n/);
    expect(stage.stdout()).not.toContain("never taken");
  });

  it("refuses a measurement that nobody knows", async () => {
    expect(await run("bench", "persistense")).toBe(2);
    expect(stage.stderr()).toContain(
      "known: check, images, cluster, world, persistence, watch, all, mutants",
    );
  });

  it("refuses a count that is none", async () => {
    expect(await run("bench", "--runs", "none")).toBe(2);
    expect(stage.stderr()).toContain("'none' is invalid");
  });

  it("takes the middle, or the mean of the two middles", () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, undefined]);
  });

  it("reads what docker stats prints", () => {
    expect(parseUsage("1.5GiB / 23.5GiB")).toBe(1.5 * 1024 ** 3);
    expect(() => parseUsage("--")).toThrow("docker stats said");
  });
});
