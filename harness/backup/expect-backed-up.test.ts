import { expect, it } from "vitest";
import type { Traces } from "../workspace/index.ts";
import { missingIn } from "./expect-backed-up.ts";
import type { BackedUpFile } from "./listing.ts";
import { testListing } from "./test-listing.ts";

const traces = {
  auth: { path: "/home/me/.local/share/opencode/auth.json", owner: "1000:1000" },
  work: { digests: "0a1b  committed.txt\n2c3d  docs/un tracked.bin\n" },
} as Traces;

const whole = {
  "/work/code/.git/HEAD": {},
  "/work/code/.git/index": {},
  "/work/code/committed.txt": {},
  "/work/code/docs/un tracked.bin": {},
  "/sessions/opencode.db": {},
  "/sessions/auth.json": { permissions: "-rw-------" },
};
const judged = (files: Record<string, Partial<BackedUpFile>>) =>
  missingIn(testListing(files), { data: "/sessions", work: "/work/code", traces });
const without = (path: keyof typeof whole) =>
  Object.fromEntries(Object.entries(whole).filter(([other]) => other !== path));

it("is content with all of the work, whatever the group", () => {
  expect(judged(whole)).toBeUndefined();
  expect(
    judged({ ...whole, "/sessions/auth.json": { gid: 568, permissions: "-rw-rw----" } }),
  ).toBeUndefined();
});

it.each([
  ["/work/code/.git/HEAD", "it lacks /work/code/.git/HEAD (1 of the work)"],
  ["/work/code/docs/un tracked.bin", "it lacks /work/code/docs/un tracked.bin (1 of the work)"],
  ["/sessions/opencode.db", "there is no database of sessions in /sessions"],
  ["/sessions/auth.json", "there is no auth.json"],
] as const)("misses %s", (path, trouble) => {
  expect(judged(without(path))).toBe(trouble);
});

it("looks for the database where the workspace has it", () => {
  const at = { data: "/sessions", database: "/state/sessions.sqlite", work: "/work/code", traces };
  expect(missingIn(testListing(whole), at)).toBe("there is no database of sessions /state/sessions.sqlite");
  const there = { ...without("/sessions/opencode.db"), "/state/sessions.sqlite": {} };
  expect(missingIn(testListing(there), at)).toBeUndefined();
});

it.each([
  [{ uid: 568 }, "auth.json belongs to 568, not to 1000"],
  [{ permissions: "-rw-r--r--" }, /auth\.json has mode -rw-r--r--/],
])("refuses an auth.json with %j", (file, trouble) => {
  expect(judged({ ...whole, "/sessions/auth.json": file })).toMatch(trouble);
});
