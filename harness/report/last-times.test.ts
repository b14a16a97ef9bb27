import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openLastTimes } from "./last-times.ts";
import { createTaskTree } from "./task-tree.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "last-times-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A command with one task in another, which take so long; `error` ends the outer one. */
function run(file: string, outerMs: number, innerMs: number, error?: string): void {
  const times = openLastTimes(file);
  times.emit({ kind: "start", at: 0, id: "1", title: "Images" });
  times.emit({ kind: "start", at: 0, id: "2", parent: "1", title: "etcd" });
  times.emit({ kind: "end", at: innerMs, id: "2" });
  times.emit({ kind: "end", at: outerMs, id: "1", ...(error === undefined ? {} : { error }) });
  times.close();
}

function lastTime(file: string, ...path: string[]): number | undefined {
  const tree = createTaskTree();
  const tasks = path.map((title, index) =>
    tree.apply({
      kind: "start",
      at: 0,
      id: title,
      title,
      ...(index > 0 ? { parent: path[index - 1] ?? "" } : {}),
    }),
  );
  const last = tasks.at(-1);
  return last && openLastTimes(file).of(last);
}

it("remembers from command to command how long a long task took, by its path", () => {
  const file = join(dir, "deep", "times.json");
  run(file, 90_000, 40_000);
  run(file, 80_000, 9_000);
  expect(lastTime(file, "Images")).toBe(80_000);
  expect(lastTime(file, "Images", "etcd")).toBe(40_000);
  expect(lastTime(file, "etcd")).toBeUndefined();
});

it("learns nothing from a task that failed", () => {
  const file = join(dir, "times.json");
  run(file, 90_000, 40_000);
  run(file, 20_000, 15_000, "the disk is full");
  expect(lastTime(file, "Images")).toBe(90_000);
});

it("takes a file that is no such file for none", () => {
  const file = join(dir, "times.json");
  writeFileSync(file, '{"Images": "long"}');
  expect(lastTime(file, "Images")).toBeUndefined();
});
