import { expect, it } from "vitest";
import { useEmptyCache } from "../base/test-cache.ts";
import { preparedAt, rememberPrepared } from "./prepared-before.ts";

useEmptyCache();

const mine = new Map([["node", "a"]]);
const theirs = new Map([["node", "b"]]);

it("knows what has been prepared, however often another checkout prepares something else", async () => {
  await rememberPrepared(mine, new Date(1_000));
  await rememberPrepared(theirs, new Date(2_000));
  expect([await preparedAt(mine), await preparedAt(theirs)]).toEqual([1_000, 2_000]);
  await rememberPrepared(mine, new Date(3_000));
  expect(await preparedAt(mine)).toBe(3_000);
});

it("knows nothing of what has never been prepared", async () => {
  await rememberPrepared(mine);
  expect(await preparedAt(theirs)).toBeUndefined();
});
