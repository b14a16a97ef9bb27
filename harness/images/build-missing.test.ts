import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cacheDir, silent } from "../base/index.ts";
import { useEmptyCache } from "../base/test-cache.ts";
import type { Engine } from "../engine/index.ts";
import { type BuildContext, buildMissing, hasReceipt, missingFor, outputOf } from "./build-missing.ts";
import type { Component, Job } from "./component.ts";
import { keysOf } from "./keys.ts";
import { goComponents } from "./recipes/go-binaries.ts";

useEmptyCache();

const engine: Engine = {
  kind: "private",
  host: "unix:///nowhere",
  client: "docker",
  environment: {},
  docker: () => Promise.reject(new Error("no engine in a unit test")),
};

function component(name: string, build: (job: Job) => Promise<void>, needs: string[] = []): Component {
  return { name, needs, inputs: [], output: "directory", build };
}

async function buildAll(components: Component[], signal = new AbortController().signal) {
  const keys = await keysOf(components);
  const isThere = ({ name }: Component) => hasReceipt(name, keys.get(name) ?? "");
  const context: BuildContext = { engine, progress: silent, signal, keys, isThere };
  const goals = components.map(({ name }) => name);
  const took = await buildMissing(missingFor(goals, components, isThere), components, context);
  return { built: [...took.keys()], output: (c: Component) => outputOf(c, keys.get(c.name) ?? "") };
}

it("builds what is needed first and hands its output on", async () => {
  const program = component("program", ({ directory }) => writeFile(join(directory, "bin"), "binary"));
  const image = component(
    "image",
    async ({ directory, outputOf }) =>
      writeFile(join(directory, "copy"), await readFile(join(outputOf("program"), "bin"))),
    ["program"],
  );
  const { built, output } = await buildAll([image, program]);
  expect(built).toEqual(["program", "image"]);
  expect(await readFile(join(output(image), "copy"), "utf8")).toBe("binary");
});

it("builds nothing the second time", async () => {
  const components = [component("a", () => Promise.resolve())];
  await buildAll(components);
  expect((await buildAll(components)).built).toEqual([]);
});

it("does not build what only a finished component needed", () => {
  const components = [
    component("program", () => Promise.resolve()),
    component("image", () => Promise.resolve(), ["program"]),
  ];
  expect(missingFor(["image"], components, ({ name }) => name === "image")).toEqual([]);
});

it("builds a tool first, but is not built again when the tool changes", async () => {
  const order: string[] = [];
  const note = (name: string) => () => Promise.resolve(void order.push(name));
  const image = (): Component => ({ ...component("image", note("image")), tools: ["tool"] });
  await buildAll([image(), component("tool", note("tool"))]);
  const changed: Component = { ...component("tool", note("changed tool")), inputs: [{ text: "2" }] };
  await buildAll([image(), changed]);
  expect(order).toEqual(["tool", "image", "changed tool"]);
});

it("resumes after a failure: the finished part is kept, the broken one starts empty", async () => {
  let isBroken = true;
  const seen: boolean[] = [];
  const good = component("good", () => Promise.resolve());
  const bad = component(
    "bad",
    async ({ directory }) => {
      seen.push(existsSync(join(directory, "half")));
      await writeFile(join(directory, "half"), "");
      if (isBroken) throw new Error("broken");
    },
    ["good"],
  );
  await expect(buildAll([good, bad])).rejects.toThrow("bad could not be prepared: broken");
  isBroken = false;
  expect((await buildAll([good, bad])).built).toEqual(["bad"]);
  expect(seen).toEqual([false, false]);
});

it("starts empty after a kill -9 in the middle", async () => {
  const half = component("half", async ({ directory }) => {
    expect(existsSync(join(directory, "rest"))).toBe(false);
  });
  const partial = `${outputOf(half, (await keysOf([half])).get("half") ?? "")}.partial`;
  await mkdir(partial, { recursive: true });
  await writeFile(join(partial, "rest"), "");
  await buildAll([half]);
});

it("names the component, shows its last lines and says where the log is", async () => {
  const failing = component("a program", ({ run }) =>
    run("sh", ["-c", "echo compiling; echo no such package >&2; exit 3"]),
  );
  const error = await buildAll([failing]).catch((error: unknown) => error);
  expect(error).toMatchObject({
    code: "environment",
    message: "a program could not be prepared: sh ended with exit code 3",
    details: expect.stringContaining("no such package"),
    remedy: expect.stringContaining(cacheDir("logs", "a-program.log")),
  });
});

it("stops the others at the first failure", async () => {
  const startedAt = performance.now();
  const slow = component("slow", ({ run }) => run("sleep", ["20"]));
  const failing = component("failing", ({ run }) => run("false", []));
  await expect(buildAll([slow, failing])).rejects.toThrow("failing could not be prepared");
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

it("does not wait for a program that fails before it can be built with the others", async () => {
  const [first, second] = goComponents() as [Component, Component];
  await mkdir(cacheDir("logs", `${second.name.replace(" ", "-")}.log`), { recursive: true });
  await expect(buildAll([first, second])).rejects.toThrow(`${second.name} could not be prepared: EISDIR`);
});

it("ends with the reason of an interruption, not with a broken component", async () => {
  const interrupted = new AbortController();
  const slow = component("slow", ({ run }) => run("sleep", ["20"]));
  const build = buildAll([slow], interrupted.signal);
  setTimeout(() => interrupted.abort(new Error("Ctrl-C")), 200);
  await expect(build).rejects.toThrow("Ctrl-C");
});
