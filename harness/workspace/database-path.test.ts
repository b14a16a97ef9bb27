import type { V1Pod } from "@kubernetes/client-node";
import { expect, it } from "vitest";
import { databasePath } from "./database-path.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";

const data = "/home/me/.local/share/opencode";
const pathWith = (...env: { name: string; value?: string }[]) =>
  databasePath(
    { appContainer: () => ({ name: "app", env }) } as unknown as DeployedWorkspace,
    {} as V1Pod,
    data,
  );

it("is what the variable names, from the data directory where that is relative", () => {
  expect(pathWith({ name: "OPENCODE_DB", value: "/state/sessions.sqlite" })).toBe("/state/sessions.sqlite");
  expect(pathWith({ name: "OPENCODE_DB", value: "mine.db" })).toBe(`${data}/mine.db`);
});

it("is what the variables in it are, of two entries the last", () => {
  const state = { name: "STATE", value: "/state" };
  const path = pathWith(
    state,
    { name: "OPENCODE_DB", value: "a.db" },
    { name: "OPENCODE_DB", value: "$(STATE)/b.db" },
  );
  expect(path).toBe("/state/b.db");
});

it("is OpenCode's choice without it", () => {
  expect(pathWith({ name: "HOME", value: "/home/me" })).toBeUndefined();
  expect(pathWith({ name: "OPENCODE_DB", value: "" })).toBeUndefined();
  expect(pathWith({ name: "OPENCODE_DB" })).toBeUndefined();
});
